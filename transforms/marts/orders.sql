-- One row per order, after its returns and cancellations. Key: order_id.
-- cancelled: every line is; returned: something was given back and nothing is left; part_returned: something
-- is left.
-- Attributes and customer come from the order's own lines (order_headers), the place as finely as five customers
-- sharing it allow (transforms/cube.py).
WITH order_totals AS (
    SELECT
        order_id,
        CAST(COUNT(*) AS INTEGER) AS count_lines,
        CAST(COUNT(*) FILTER (WHERE status = 'cancelled') AS INTEGER) AS count_cancelled,
        CAST(COUNT(*) FILTER (WHERE status = 'returned') AS INTEGER) AS count_returned,
        CAST(COALESCE(SUM(net_revenue) FILTER (WHERE net_revenue > 0), 0) AS DECIMAL(18, 2)) AS gross_revenue,
        CAST(COALESCE(SUM(net_revenue) FILTER (WHERE net_revenue < 0), 0) AS DECIMAL(18, 2)) AS returned_revenue,
        CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS net_revenue,
        CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin
    FROM order_lines
    GROUP BY order_id
)

SELECT
    t.order_id,
    h.customer_id,
    h.ordered_on,
    h.channel,
    h.store,
    f.shown_city_code AS city_code,
    h.salesperson,
    h.purchase_method,
    h.payment_method,
    CASE
        WHEN t.count_cancelled = t.count_lines THEN 'cancelled'
        WHEN t.count_returned > 0 AND t.net_revenue <= 0 THEN 'returned'
        WHEN t.count_returned > 0 THEN 'part_returned'
        ELSE 'completed'
    END AS status,
    t.count_lines,
    t.gross_revenue,
    t.returned_revenue,
    t.net_revenue,
    t.margin
FROM order_totals AS t
INNER JOIN placed_orders AS h ON t.order_id = h.order_id
INNER JOIN folded_sale_places AS f ON h.city_code IS NOT DISTINCT FROM f.city_code
