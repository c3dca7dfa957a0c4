-- One row per known customer and business day with an order. Key: customer_id, ordered_on.
-- A purchase day is one with net_revenue above zero; other days stay, so that totals agree. Cancelled orders
-- are not counted.
SELECT
    customer_id,
    ordered_on,
    CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS net_revenue,
    CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin,
    CAST(COUNT(*) FILTER (WHERE status <> 'cancelled') AS INTEGER) AS count_orders
FROM orders
WHERE customer_id IS NOT NULL
GROUP BY customer_id, ordered_on
