-- One row per customer (NULL: anonymous), city of sale, category and year whose sales are looked at: who bought what
-- where, this year and in the one before. Key: span, city_code, category, customer_id.
SELECT DISTINCT
    CASE WHEN l.ordered_on >= s.starts_on THEN 'year' ELSE 'year before' END AS span,
    o.city_code,
    l.category,
    l.customer_id
FROM order_lines AS l
INNER JOIN orders AS o ON l.order_id = o.order_id
INNER JOIN sale_periods AS s
    ON s.period = 'year' AND l.ordered_on >= s.previous_starts_on AND l.ordered_on <= s.ends_on
