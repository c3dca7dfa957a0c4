-- One row per product family and distinct history at as_of, n the customers who share it. Key: product_family, x,
-- t_x_days, T_days.
SELECT
    product_family,
    x,
    t_x_days,
    T_days,
    CAST(COUNT(*) AS BIGINT) AS n
FROM family_history
GROUP BY product_family, x, t_x_days, T_days
