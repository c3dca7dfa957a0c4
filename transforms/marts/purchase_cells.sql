-- One row per distinct purchase history at as_of, n the customers who share it. Key: x, t_x_days, T_days.
SELECT
    x,
    t_x_days,
    T_days,
    CAST(COUNT(*) AS BIGINT) AS n
FROM purchase_history
GROUP BY x, t_x_days, T_days
