-- One row per category with sales of known cost: the share of revenue that is margin, from -1 to 1.
-- Key: category.
WITH costed_sales AS (
    SELECT
        category,
        CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(net_revenue - known_cost) AS DECIMAL(18, 2)) AS margin
    FROM signed_order_lines
    WHERE kind = 'sale' AND net_revenue > 0 AND known_cost IS NOT NULL AND category IS NOT NULL
    GROUP BY category
)

SELECT
    category,
    CAST(GREATEST(-1, LEAST(1, CAST(margin AS DOUBLE) / CAST(NULLIF(revenue, 0) AS DOUBLE))) AS DECIMAL(9, 6)) AS margin_ratio
FROM costed_sales
