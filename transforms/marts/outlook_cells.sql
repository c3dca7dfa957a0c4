-- One row per distinct history at the cut, n the customers who share it and what their repeats brought.
-- Key: x, t_x_days, T_days.
SELECT
    x,
    t_x_days,
    T_days,
    CAST(COUNT(*) AS BIGINT) AS n,
    CAST(SUM(repeat_revenue) AS DECIMAL(18, 2)) AS repeat_revenue
FROM outlook_histories
GROUP BY x, t_x_days, T_days
