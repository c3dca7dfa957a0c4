-- One row per role, as_of and customer with a purchase day in the window. Key: role, customer_id.
-- Recency and frequency look at days with net revenue above zero; monetary adds every day of the window.
WITH window_totals AS (
    SELECT
        w.role,
        w.as_of,
        d.customer_id,
        MAX(CASE WHEN d.net_revenue > 0 THEN d.ordered_on END) AS last_on,
        CAST(COUNT(*) FILTER (WHERE d.net_revenue > 0) AS INTEGER) AS frequency,
        CAST(SUM(d.net_revenue) AS DECIMAL(18, 2)) AS monetary
    FROM order_days AS d
    INNER JOIN as_of_dates AS w ON d.ordered_on >= w.window_start AND d.ordered_on <= w.as_of
    GROUP BY w.role, w.as_of, d.customer_id
)

SELECT
    role,
    as_of,
    customer_id,
    days_between(last_on, as_of) AS recency_days,
    frequency,
    monetary
FROM window_totals
WHERE frequency > 0
