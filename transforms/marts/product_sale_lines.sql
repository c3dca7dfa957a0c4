-- One row per order line and way of looking at what was sold. Key: breakdown, order_id, line_no.
-- A line that says nothing of a breakdown (no colour, no size) counts as (none), so that every breakdown adds up to
-- all order lines. Cities are those of orders, pooled until each has five customers or none in either year; in
-- category_city also by category, those not told apart being (other).
SELECT
    b.breakdown,
    l.order_id,
    l.line_no,
    COALESCE(
        CASE b.breakdown
            WHEN 'category' THEN l.category
            WHEN 'type' THEN p.type
            WHEN 'product' THEN l.product_id
            WHEN 'colour' THEN l.colour
            WHEN 'size' THEN l.size
            WHEN 'city' THEN f.shown_city_code
            ELSE COALESCE(c.category, '(other)')
        END, '(none)'
    ) AS item,
    CASE WHEN b.breakdown = 'category_city' THEN COALESCE(g.shown_city_code, '(none)') ELSE '(all)' END AS within,
    l.ordered_on,
    l.customer_id,
    l.status,
    l.quantity,
    l.net_revenue,
    l.margin
FROM order_lines AS l
LEFT JOIN dim_product AS p ON l.product_id = p.product_id
LEFT JOIN orders AS o ON l.order_id = o.order_id
LEFT JOIN folded_sold_places AS f ON o.city_code IS NOT DISTINCT FROM f.city_code
LEFT JOIN folded_sold_categories AS g ON f.shown_city_code IS NOT DISTINCT FROM g.city_code
LEFT JOIN categories_by_place AS c ON l.category = c.category
CROSS JOIN product_breakdowns AS b
