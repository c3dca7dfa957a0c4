-- One row per known customer with sales: their revenue by how its margin is known. Key: customer_id.
SELECT
    customer_id,
    CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(
        CASE WHEN margin_source IN ('line_cost', 'product_cost') THEN net_revenue ELSE 0 END
    ) AS DECIMAL(18, 2)) AS revenue_cost,
    CAST(SUM(
        CASE WHEN margin_source = 'category_margin' THEN net_revenue ELSE 0 END
    ) AS DECIMAL(18, 2)) AS revenue_category_margin
FROM order_lines
WHERE customer_id IS NOT NULL AND net_revenue > 0
GROUP BY customer_id
