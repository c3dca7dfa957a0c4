-- One row: the same revenue counted at every stage. Key: as_of.
-- difference adds up all disagreements and must be 0: ledger lines against order lines, order lines against
-- orders, and the window's orders against ranked customers + customers at or below zero + anonymous sales;
-- likewise for the margin.
WITH ledger AS (
    SELECT CAST(COALESCE(SUM(net_revenue), 0) AS DECIMAL(18, 2)) AS revenue, COUNT(*) AS count_lines
    FROM signed_order_lines
),

lines AS (
    SELECT
        CAST(COALESCE(SUM(net_revenue), 0) AS DECIMAL(18, 2)) AS revenue,
        CAST(COALESCE(SUM(margin), 0) AS DECIMAL(18, 2)) AS margin,
        COUNT(*) AS count_lines
    FROM order_lines
),

order_sums AS (
    SELECT
        CAST(COALESCE(SUM(o.net_revenue), 0) AS DECIMAL(18, 2)) AS revenue,
        CAST(COALESCE(SUM(o.margin), 0) AS DECIMAL(18, 2)) AS margin,
        CAST(COALESCE(SUM(CASE
            WHEN o.ordered_on >= w.window_start AND o.ordered_on <= w.as_of THEN o.net_revenue
        END), 0) AS DECIMAL(18, 2)) AS window_revenue,
        CAST(COALESCE(SUM(CASE
            WHEN o.ordered_on >= w.window_start AND o.ordered_on <= w.as_of THEN o.margin
        END), 0) AS DECIMAL(18, 2)) AS window_margin
    FROM orders AS o
    INNER JOIN as_of_dates AS w ON w.role = 'current'
),

ranked_customers AS (
    SELECT CAST(COALESCE(SUM(revenue), 0) AS DECIMAL(18, 2)) AS revenue
    FROM pareto
),

summary AS (
    SELECT
        CAST(COALESCE(SUM(CASE
            WHEN measure = 'revenue' AND metric = 'total_at_or_below_zero' THEN value
        END), 0) AS DECIMAL(18, 2)) AS at_or_below_zero,
        CAST(COALESCE(SUM(CASE
            WHEN measure = 'revenue' AND metric = 'total_anonymous' THEN value
        END), 0) AS DECIMAL(18, 2)) AS anonymous,
        CAST(COALESCE(SUM(CASE
            WHEN measure = 'profit' AND metric IN ('total_ranked', 'total_at_or_below_zero', 'total_anonymous') THEN value
        END), 0) AS DECIMAL(18, 2)) AS margin
    FROM pareto_summary
)

SELECT
    p.as_of,
    g.count_lines AS count_ledger_lines,
    l.count_lines AS count_order_lines,
    g.revenue AS ledger_revenue,
    l.revenue AS order_lines_revenue,
    o.revenue AS orders_revenue,
    o.window_revenue AS orders_in_window_revenue,
    r.revenue AS pareto_revenue,
    s.at_or_below_zero AS at_or_below_zero_revenue,
    s.anonymous AS anonymous_revenue,
    l.margin AS order_lines_margin,
    o.margin AS orders_margin,
    CAST(
        ABS(g.revenue - l.revenue)
        + ABS(l.revenue - o.revenue)
        + ABS(o.window_revenue - r.revenue - s.at_or_below_zero - s.anonymous)
        + ABS(l.margin - o.margin)
        + ABS(o.window_margin - s.margin) AS DECIMAL(18, 2)
    ) AS difference
FROM params AS p
CROSS JOIN ledger AS g
CROSS JOIN lines AS l
CROSS JOIN order_sums AS o
CROSS JOIN ranked_customers AS r
CROSS JOIN summary AS s
