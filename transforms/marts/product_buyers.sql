-- One row per period, breakdown and item (within a city) that known customers bought: how many. Key: period, starts_on,
-- breakdown, item, within.
SELECT
    s.period,
    s.starts_on,
    l.breakdown,
    l.item,
    l.within,
    COUNT(DISTINCT l.customer_id) AS count_customers
FROM product_sale_lines AS l
INNER JOIN sale_periods AS s
    ON l.ordered_on >= s.starts_on AND l.ordered_on <= s.ends_on
INNER JOIN product_breakdowns AS b ON l.breakdown = b.breakdown AND (s.period = 'year' OR NOT b.is_by_place)
WHERE l.customer_id IS NOT NULL AND l.status = 'completed'
GROUP BY s.period, s.starts_on, l.breakdown, l.item, l.within
