-- One row per role and known customer with an order day in the window: revenue and profit. Key: role,
-- customer_id.
SELECT
    w.role,
    w.as_of,
    d.customer_id,
    CAST(SUM(d.net_revenue) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(d.margin) AS DECIMAL(18, 2)) AS profit
FROM order_days AS d
INNER JOIN as_of_dates AS w ON d.ordered_on >= w.window_start AND d.ordered_on <= w.as_of
GROUP BY w.role, w.as_of, d.customer_id
