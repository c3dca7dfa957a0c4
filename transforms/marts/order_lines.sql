-- One row per order line. Key: order_id, line_no.
-- A linked return counts for the order it gives back when that order is known: its id, day and customer;
-- otherwise for its own order. All lines of an order count on the order's day and for the order's customer;
-- happened_on keeps the line's own day. Lines are numbered: own lines before returns from elsewhere, by day,
-- then as the files bring them.
-- Margin: net revenue less the line's cost, else less the product's cost, else the category's margin, else
-- the default.
WITH attributed_lines AS (
    SELECT
        COALESCE(original.order_id, own.order_id) AS order_id,
        CASE WHEN original.order_id IS NULL THEN own.customer_id ELSE original.customer_id END AS customer_id,
        COALESCE(original.ordered_on, own.ordered_on) AS ordered_on,
        CASE WHEN original.order_id IS NULL OR original.order_id = own.order_id THEN 0 ELSE 1 END AS is_from_elsewhere,
        s.happened_on, s.file_seq, s.line, s.mapping, s.channel, s.product_id, s.category, s.colour, s.size, s.kind,
        s.quantity, s.net_revenue, s.known_cost, s.cost_source
    FROM signed_order_lines AS s
    INNER JOIN order_headers AS own
        ON s.order_space = own.order_space AND s.source_order_id = own.source_order_id
    LEFT JOIN order_headers AS original
        ON s.order_space = original.order_space AND s.gives_back = original.source_order_id
)

SELECT
    a.order_id,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY a.order_id
        ORDER BY a.is_from_elsewhere, a.happened_on, a.file_seq, a.line, a.mapping, a.channel
    ) AS INTEGER) AS line_no,
    a.customer_id,
    a.ordered_on,
    a.happened_on,
    a.channel,
    a.product_id,
    a.category,
    a.colour,
    a.size,
    CASE a.kind WHEN 'sale' THEN 'completed' WHEN 'cancelled' THEN 'cancelled' ELSE 'returned' END AS status,
    a.quantity,
    a.net_revenue,
    CASE
        WHEN a.known_cost IS NOT NULL THEN CAST(a.net_revenue - a.known_cost AS DECIMAL(18, 2))
        WHEN c.margin_ratio IS NOT NULL THEN CAST(a.net_revenue * c.margin_ratio AS DECIMAL(18, 2))
        ELSE CAST(a.net_revenue * p.default_margin AS DECIMAL(18, 2))
    END AS margin,
    CASE
        WHEN a.cost_source IS NOT NULL THEN a.cost_source
        WHEN c.margin_ratio IS NOT NULL THEN 'category_margin'
        ELSE 'default_margin'
    END AS margin_source
FROM attributed_lines AS a
CROSS JOIN params AS p
LEFT JOIN category_margins AS c ON a.category = c.category
