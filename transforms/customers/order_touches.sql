-- One row per order of a known customer, and per day on which something of it was given back. Key: order_id,
-- is_return, touched_on.
-- A sale given back on a day nobody knows stays an order. An order number under which things were only given back is
-- no order.
WITH returns AS (
    SELECT order_id, happened_on, CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS amount
    FROM order_lines
    WHERE customer_id IS NOT NULL AND status = 'returned' AND net_revenue < 0
    GROUP BY order_id, happened_on
),
doubtful AS (
    SELECT order_id FROM orders WHERE customer_id IS NOT NULL AND status = 'returned' AND gross_revenue = 0
),
undone AS (
    SELECT DISTINCT l.order_id
    FROM doubtful AS d
    INNER JOIN order_lines AS l ON l.order_id = d.order_id AND l.net_revenue >= 0
)
SELECT
    o.customer_id,
    o.order_id,
    FALSE AS is_return,
    o.ordered_on AS touched_on,
    h.ordered_at AS happened_at,
    o.channel,
    CASE WHEN o.status = 'cancelled' THEN 'cancelled' ELSE 'order' END AS touch,
    o.purchase_method,
    o.payment_method,
    o.store,
    o.city_code,
    o.gross_revenue AS amount
FROM orders AS o
INNER JOIN order_headers AS h ON h.order_id = o.order_id
LEFT JOIN undone AS u ON u.order_id = o.order_id
WHERE
    o.customer_id IS NOT NULL
    AND (o.status <> 'returned' OR o.gross_revenue > 0 OR u.order_id IS NOT NULL)
UNION ALL
SELECT
    o.customer_id,
    o.order_id,
    TRUE,
    r.happened_on,
    CAST(NULL AS TIMESTAMP),
    o.channel,
    'return',
    o.purchase_method,
    o.payment_method,
    o.store,
    o.city_code,
    r.amount
FROM returns AS r
INNER JOIN orders AS o ON o.order_id = r.order_id
