-- One row per as_of, horizon, dimension and group. Key: as_of, horizon_days, dimension, item.
SELECT
    p.as_of,
    s.horizon_days,
    s.dimension,
    s.item,
    s.customers,
    s.clv,
    CAST(i.clv_low AS DECIMAL(18, 2)) AS clv_low,
    CAST(i.clv_high AS DECIMAL(18, 2)) AS clv_high,
    CAST(CAST(s.clv AS DOUBLE) / CAST(NULLIF(s.customers, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS mean_clv,
    CAST(COALESCE(
        CAST(s.revenue_cost AS DOUBLE) / CAST(NULLIF(s.revenue, 0) AS DOUBLE), 0
    ) AS DECIMAL(7, 6)) AS share_cost,
    CAST(COALESCE(
        CAST(s.revenue_category_margin AS DOUBLE) / CAST(NULLIF(s.revenue, 0) AS DOUBLE), 0
    ) AS DECIMAL(7, 6)) AS share_category_margin
FROM clv_group_sums AS s
INNER JOIN clv_group_intervals AS i
    ON s.horizon_days = i.horizon_days AND s.dimension = i.dimension AND s.item = i.item
CROSS JOIN params AS p
