-- One row per known customer, product family and day with something kept of it. Key: customer_id, product_family,
-- ordered_on.
-- The family is the product master's subcategory, else the category. quantity is NULL where a line has none.
WITH family_lines AS (
    SELECT
        l.customer_id,
        COALESCE(d.subcategory, l.category) AS product_family,
        l.ordered_on,
        l.quantity,
        l.net_revenue
    FROM order_lines AS l
    LEFT JOIN dim_product AS d ON l.product_id = d.product_id
    WHERE l.customer_id IS NOT NULL AND COALESCE(d.subcategory, l.category) IS NOT NULL
)

SELECT
    customer_id,
    product_family,
    ordered_on,
    CAST(CASE WHEN COUNT(quantity) = COUNT(*) THEN SUM(quantity) END AS DECIMAL(18, 4)) AS quantity
FROM family_lines
GROUP BY customer_id, product_family, ordered_on
HAVING SUM(net_revenue) > 0
