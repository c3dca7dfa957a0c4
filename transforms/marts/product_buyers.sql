-- One row per period, breakdown and item that known customers bought: how many. Key: period, starts_on, breakdown, item.
SELECT
    s.period,
    s.starts_on,
    l.breakdown,
    l.item,
    COUNT(DISTINCT l.customer_id) AS count_customers
FROM product_sale_lines AS l
INNER JOIN sale_periods AS s
    ON l.ordered_on >= s.starts_on AND l.ordered_on <= s.ends_on AND (l.breakdown <> 'city' OR s.period = 'year')
WHERE l.customer_id IS NOT NULL AND l.status = 'completed'
GROUP BY s.period, s.starts_on, l.breakdown, l.item
