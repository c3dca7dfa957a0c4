-- One row: the cells of all cohorts against the orders of known customers. Key: as_of.
-- difference adds up all disagreements and must be 0: cells + customers without a net-positive order day against
-- orders, in revenue and in margin; the sizes of the cohorts against the customers who bought.
WITH cells AS (
    SELECT
        COALESCE(SUM(revenue), 0) AS revenue,
        COALESCE(SUM(margin), 0) AS margin,
        COALESCE(SUM(CASE WHEN months_since = 0 THEN customers END), 0) AS customers
    FROM cohorts
),

known_orders AS (
    SELECT
        COALESCE(SUM(o.net_revenue), 0) AS revenue,
        COALESCE(SUM(o.margin), 0) AS margin,
        COALESCE(SUM(CASE WHEN f.customer_id IS NULL THEN o.net_revenue END), 0) AS outside_revenue,
        COALESCE(SUM(CASE WHEN f.customer_id IS NULL THEN o.margin END), 0) AS outside_margin
    FROM orders AS o
    LEFT JOIN first_purchases AS f ON o.customer_id = f.customer_id
    WHERE o.customer_id IS NOT NULL
),

buyers AS (
    SELECT COUNT(*) AS customers
    FROM first_purchases
)

SELECT
    p.as_of,
    CAST(c.revenue AS DECIMAL(18, 2)) AS cohort_revenue,
    CAST(o.outside_revenue AS DECIMAL(18, 2)) AS outside_revenue,
    CAST(o.revenue AS DECIMAL(18, 2)) AS known_orders_revenue,
    CAST(
        ABS(o.revenue - c.revenue - o.outside_revenue)
        + ABS(o.margin - c.margin - o.outside_margin)
        + ABS(c.customers - b.customers) AS DECIMAL(18, 2)
    ) AS difference
FROM params AS p
CROSS JOIN cells AS c
CROSS JOIN known_orders AS o
CROSS JOIN buyers AS b
