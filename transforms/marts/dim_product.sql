-- One row per product of the product master or of a visible order line. Key: product_id.
-- The master's latest version counts; what it leaves empty comes from the latest line of the product. A line
-- without a product number is told by the product's name.
WITH line_products AS (
    SELECT
        COALESCE(product_id, product_name) AS product_id,
        product_name, category, colour, size,
        MAX(event_on) AS last_on
    FROM visible_order_lines
    WHERE COALESCE(product_id, product_name) IS NOT NULL
    GROUP BY COALESCE(product_id, product_name), product_name, category, colour, size
),

latest_line_products AS (
    SELECT product_id, product_name, category, colour, size
    FROM line_products
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY product_id
        ORDER BY
            last_on DESC, COALESCE(product_name, ''), COALESCE(category, ''), COALESCE(colour, ''), COALESCE(size, ''),
            CASE WHEN product_name IS NULL THEN 1 ELSE 0 END, CASE WHEN category IS NULL THEN 1 ELSE 0 END,
            CASE WHEN colour IS NULL THEN 1 ELSE 0 END, CASE WHEN size IS NULL THEN 1 ELSE 0 END
    ) = 1
)

SELECT
    COALESCE(m.product_id, l.product_id) AS product_id,
    COALESCE(m.product_name, l.product_name) AS product_name,
    COALESCE(m.category, l.category) AS category,
    m.subcategory,
    m.brand,
    m.type,
    COALESCE(m.colour, l.colour) AS colour,
    COALESCE(m.size, l.size) AS size,
    CAST(m.cost AS DECIMAL(18, 4)) AS cost,
    CAST(m.price AS DECIMAL(18, 4)) AS price,
    m.product_id IS NOT NULL AS is_in_master
FROM visible_products AS m
FULL OUTER JOIN latest_line_products AS l ON m.product_id = l.product_id
