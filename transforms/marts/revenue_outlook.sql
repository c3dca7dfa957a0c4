-- One row per as_of and calendar month ahead, the rest of the running month first. Key: as_of, months_ahead.
-- Last year's figures are those of the same month, for the rest of a running month of the same days; NULL where the
-- history does not reach back.
WITH began AS (
    SELECT MIN(ordered_on) AS first_day
    FROM order_days
    WHERE is_purchase
),

-- The first of the same days a year ago.
year_ago AS (
    SELECT
        m.months_ahead,
        add_days(
            make_date(YEAR(m.month_start) - 1, MONTH(m.month_start), 1),
            CASE WHEN m.months_ahead = 0 THEN DAY(p.as_of) ELSE 0 END
        ) AS start_on
    FROM outlook_months AS m
    CROSS JOIN params AS p
),

past AS (
    SELECT
        m.months_ahead,
        COUNT(*) AS orders,
        SUM(d.net_revenue) AS revenue
    FROM year_ago AS m
    INNER JOIN order_days AS d
        ON month_start(d.ordered_on) = month_start(m.start_on) AND d.ordered_on >= m.start_on
    WHERE d.is_purchase
    GROUP BY m.months_ahead
)

SELECT
    p.as_of,
    m.months_ahead,
    m.month_start,
    m.count_days,
    CAST(m.repeat_orders AS DECIMAL(18, 2)) AS repeat_orders,
    CAST(m.repeat_revenue AS DECIMAL(18, 2)) AS repeat_revenue,
    CAST(m.new_customers AS DECIMAL(18, 2)) AS new_customers,
    CAST(m.new_orders AS DECIMAL(18, 2)) AS new_orders,
    CAST(m.new_revenue AS DECIMAL(18, 2)) AS new_revenue,
    CAST(CAST(m.repeat_revenue AS DECIMAL(18, 2)) + CAST(m.new_revenue AS DECIMAL(18, 2)) AS DECIMAL(18, 2)) AS revenue,
    CAST(m.revenue_low AS DECIMAL(18, 2)) AS revenue_low,
    CAST(m.revenue_high AS DECIMAL(18, 2)) AS revenue_high,
    CAST(CASE WHEN a.start_on >= b.first_day THEN COALESCE(y.orders, 0) END AS BIGINT) AS last_year_orders,
    CAST(CASE WHEN a.start_on >= b.first_day THEN COALESCE(y.revenue, 0) END AS DECIMAL(18, 2)) AS last_year_revenue
FROM outlook_months AS m
INNER JOIN year_ago AS a ON m.months_ahead = a.months_ahead
LEFT JOIN past AS y ON m.months_ahead = y.months_ahead
CROSS JOIN params AS p
CROSS JOIN began AS b
