-- One row: product_sales against the order lines of the same days. Key: as_of.
-- difference adds up the disagreements of every period and breakdown in quantity, revenue and margin and must be 0.
WITH both_sides AS (
    SELECT s.period, s.starts_on, b.breakdown, COALESCE(l.quantity, 0) AS quantity, l.net_revenue, l.margin
    FROM order_lines AS l
    INNER JOIN sale_periods AS s ON l.ordered_on >= s.starts_on AND l.ordered_on <= s.ends_on
    INNER JOIN product_breakdowns AS b ON s.period = 'year' OR NOT b.is_by_place
    UNION ALL
    SELECT period, starts_on, breakdown, -quantity AS quantity, -net_revenue AS net_revenue, -margin AS margin
    FROM product_sales
),

unmatched AS (
    SELECT
        period,
        starts_on,
        breakdown,
        SUM(quantity) AS quantity,
        SUM(net_revenue) AS net_revenue,
        SUM(margin) AS margin
    FROM both_sides
    GROUP BY period, starts_on, breakdown
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(quantity) + ABS(net_revenue) + ABS(margin)), 0) AS DECIMAL(18, 2)) AS difference
    FROM unmatched
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
