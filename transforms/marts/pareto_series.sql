-- One row per dimension, item and customer who bought in the window (NULL: anonymous sales): revenue and profit there.
-- Key: dimension, item, customer_id.
-- Regions are provinces as the cube shows customers, those of five buyers or more; segments those of rfm, products what the lines say; months are the
-- months of the orders. Every dimension adds up to the window's orders.
WITH lines AS (
    SELECT l.customer_id, l.product_id, l.category, l.ordered_on, l.net_revenue, l.margin
    FROM order_lines AS l
    INNER JOIN as_of_dates AS w
        ON w.role = 'current' AND l.ordered_on >= w.window_start AND l.ordered_on <= w.as_of
),

named AS (
    SELECT
        d.dimension,
        CASE d.dimension
            WHEN 'product' THEN COALESCE(l.product_id, '(none)')
            WHEN 'category' THEN COALESCE(l.category, '(none)')
            WHEN 'month' THEN CAST(month_start(l.ordered_on) AS VARCHAR)
            WHEN 'region' THEN
                CASE WHEN l.customer_id IS NULL THEN '(anonymous)' ELSE COALESCE(f.region, '(none)') END
            ELSE CASE WHEN l.customer_id IS NULL THEN '(anonymous)' ELSE COALESCE(r.segment, '(none)') END
        END AS item,
        l.customer_id,
        l.net_revenue,
        l.margin
    FROM lines AS l
    LEFT JOIN customers AS c ON l.customer_id = c.customer_id
    LEFT JOIN folded_buyer_regions AS f ON left(c.city_code, 2) = f.own_region
    LEFT JOIN rfm AS r ON l.customer_id = r.customer_id
    CROSS JOIN (VALUES ('region'), ('segment'), ('category'), ('product'), ('month')) AS d (dimension)
)

SELECT
    dimension,
    item,
    customer_id,
    CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(margin) AS DECIMAL(18, 2)) AS profit
FROM named
GROUP BY dimension, item, customer_id
