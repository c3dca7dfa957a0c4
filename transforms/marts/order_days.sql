-- One row per known customer and business day with an order. Key: customer_id, ordered_on.
-- A purchase day is one with net_revenue above zero, or at zero with something taken for nothing and nothing
-- given back; other days stay, so that totals agree. Cancelled orders are not counted; given back is in whole or in part.
SELECT
    customer_id,
    ordered_on,
    CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS net_revenue,
    CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin,
    CAST(COUNT(*) FILTER (WHERE status <> 'cancelled') AS INTEGER) AS count_orders,
    CAST(COUNT(*) FILTER (WHERE status IN ('returned', 'part_returned')) AS INTEGER) AS count_given_back,
    SUM(net_revenue) > 0
    OR (
        SUM(net_revenue) = 0
        AND COUNT(*) FILTER (WHERE status = 'completed') > 0
        AND COUNT(*) FILTER (WHERE status IN ('returned', 'part_returned')) = 0
    ) AS is_purchase
FROM orders
WHERE customer_id IS NOT NULL
GROUP BY customer_id, ordered_on
