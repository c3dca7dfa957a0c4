-- One row per as_of, month of first purchase and month since then, up to the month of as_of. Key: as_of, cohort_month,
-- months_since.
-- A cohort is everybody whose first net-positive order day lies in the month; customers without such a day have none.
-- Months after that of as_of are absent; a month without sales is 0. What a customer gave back before the first
-- purchase counts in month 0, so that nothing is lost (cohort_reconciliation).
WITH members AS (
    SELECT customer_id, month_start(first_on) AS cohort_month
    FROM first_purchases
),

cohort_sizes AS (
    SELECT cohort_month, COUNT(*) AS customers
    FROM members
    GROUP BY cohort_month
),

customer_months AS (
    SELECT
        m.cohort_month,
        month_start(GREATEST(d.ordered_on, m.cohort_month)) AS month,
        d.customer_id,
        COUNT(*) FILTER (WHERE d.net_revenue > 0) AS count_days,
        SUM(d.net_revenue) AS revenue,
        SUM(d.margin) AS margin
    FROM order_days AS d
    INNER JOIN members AS m ON d.customer_id = m.customer_id
    GROUP BY m.cohort_month, month_start(GREATEST(d.ordered_on, m.cohort_month)), d.customer_id
),

observed AS (
    SELECT
        cohort_month,
        month,
        COUNT(*) FILTER (WHERE count_days > 0) AS active,
        SUM(revenue) AS revenue,
        SUM(margin) AS margin
    FROM customer_months
    GROUP BY cohort_month, month
),

months AS (
    SELECT DISTINCT d.month_start AS month
    FROM dim_date AS d
    CROSS JOIN params AS p
    WHERE d.date <= p.as_of
),

first_order AS (
    SELECT month_start(MIN(ordered_on)) AS month
    FROM orders
),

cells AS (
    SELECT
        s.cohort_month,
        m.month,
        CAST((YEAR(m.month) - YEAR(s.cohort_month)) * 12 + MONTH(m.month) - MONTH(s.cohort_month) AS INTEGER)
            AS months_since,
        s.customers,
        COALESCE(o.active, 0) AS active,
        CAST(COALESCE(o.revenue, 0) AS DECIMAL(18, 2)) AS revenue,
        CAST(COALESCE(o.margin, 0) AS DECIMAL(18, 2)) AS margin
    FROM cohort_sizes AS s
    INNER JOIN months AS m ON m.month >= s.cohort_month
    LEFT JOIN observed AS o ON s.cohort_month = o.cohort_month AND m.month = o.month
)

SELECT
    p.as_of,
    c.cohort_month,
    c.months_since,
    c.customers,
    c.active,
    CAST(CAST(c.active AS DOUBLE) / CAST(NULLIF(c.customers, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS retention,
    c.revenue,
    CAST(SUM(c.revenue) OVER (
        PARTITION BY c.cohort_month ORDER BY c.months_since ROWS UNBOUNDED PRECEDING
    ) AS DECIMAL(18, 2)) AS cumulative_revenue,
    c.margin,
    c.month < month_start(add_days(p.as_of, 1)) AS is_complete,
    c.cohort_month = f.month AS is_left_truncated
FROM cells AS c
CROSS JOIN params AS p
CROSS JOIN first_order AS f
