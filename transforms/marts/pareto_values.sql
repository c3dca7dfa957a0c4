-- One row per role and known customer with an order day in the window: revenue and profit. Key: role,
-- customer_id.
SELECT w.role, w.as_of, t.customer_id, t.revenue, t.profit
FROM window_totals AS t
INNER JOIN as_of_dates AS w ON w.role = 'current'
WHERE t.revenue IS NOT NULL
UNION ALL
SELECT w.role, w.as_of, t.customer_id, t.previous_revenue AS revenue, t.previous_profit AS profit
FROM window_totals AS t
INNER JOIN as_of_dates AS w ON w.role = 'previous'
WHERE t.previous_revenue IS NOT NULL
