-- One row: every dimension of pareto_groups against the window's orders. Key: as_of.
-- difference adds up the disagreements in revenue and profit and must be 0.
WITH window_orders AS (
    SELECT COALESCE(SUM(o.net_revenue), 0) AS revenue, COALESCE(SUM(o.margin), 0) AS profit
    FROM orders AS o
    INNER JOIN as_of_dates AS w
        ON w.role = 'current' AND o.ordered_on >= w.window_start AND o.ordered_on <= w.as_of
),

expected AS (
    SELECT d.dimension, 'revenue' AS measure, o.revenue AS value
    FROM window_orders AS o
    CROSS JOIN (VALUES ('region'), ('segment'), ('category'), ('product')) AS d (dimension)
    UNION ALL
    SELECT d.dimension, 'profit' AS measure, o.profit AS value
    FROM window_orders AS o
    CROSS JOIN (VALUES ('region'), ('segment'), ('category'), ('product')) AS d (dimension)
),

found AS (
    SELECT dimension, measure, SUM(value) AS value
    FROM pareto_groups
    GROUP BY dimension, measure
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(e.value - COALESCE(f.value, 0))), 0) AS DECIMAL(18, 2)) AS difference
    FROM expected AS e
    LEFT JOIN found AS f ON e.dimension = f.dimension AND e.measure = f.measure
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
