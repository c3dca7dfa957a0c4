-- One row per role, as_of and customer with a purchase day in the window. Key: role, customer_id.
-- Recency and frequency look at days with net revenue above zero; monetary adds every day of the window.
SELECT
    w.role,
    w.as_of,
    t.customer_id,
    days_between(t.last_on, w.as_of) AS recency_days,
    t.count_days AS frequency,
    t.revenue AS monetary
FROM window_totals AS t
INNER JOIN as_of_dates AS w ON w.role = 'current'
WHERE t.count_days > 0
UNION ALL
SELECT
    w.role,
    w.as_of,
    t.customer_id,
    days_between(t.previous_last_on, w.as_of) AS recency_days,
    t.previous_count_days AS frequency,
    t.previous_revenue AS monetary
FROM window_totals AS t
INNER JOIN as_of_dates AS w ON w.role = 'previous'
WHERE t.previous_count_days > 0
