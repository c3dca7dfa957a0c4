-- One row per order line and way of looking at what was sold. Key: breakdown, order_id, line_no.
-- A line that says nothing of a breakdown (no colour, no size) counts as (none), so that every breakdown adds up to
-- all order lines. A city of sale with too few customers is pooled with its province, or counts as (none).
WITH breakdowns AS (
    SELECT breakdown
    FROM (VALUES ('category'), ('type'), ('product'), ('colour'), ('size'), ('city')) AS names (breakdown)
)

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
            ELSE f.shown_city_code
        END, '(none)'
    ) AS item,
    l.ordered_on,
    l.customer_id,
    l.status,
    l.quantity,
    l.net_revenue,
    l.margin
FROM order_lines AS l
LEFT JOIN dim_product AS p ON l.product_id = p.product_id
LEFT JOIN orders AS o ON l.order_id = o.order_id
LEFT JOIN folded_sale_places AS f ON o.city_code = f.city_code
CROSS JOIN breakdowns AS b
