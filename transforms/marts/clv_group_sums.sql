-- One row per horizon, dimension and group: sums of what its customers bring, exact, in any order.
-- Key: horizon_days, dimension, item.
-- outcome_variance and value_by_ are the sums of value_terms, of which the interval of the group is made.
SELECT
    t.horizon_days,
    g.dimension,
    g.item,
    CAST(COUNT(*) AS BIGINT) AS customers,
    CAST(SUM(c.clv) AS DECIMAL(18, 2)) AS clv,
    CAST(SUM(COALESCE(m.revenue, 0)) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(COALESCE(m.revenue_cost, 0)) AS DECIMAL(18, 2)) AS revenue_cost,
    CAST(SUM(COALESCE(m.revenue_category_margin, 0)) AS DECIMAL(18, 2)) AS revenue_category_margin,
    SUM(CAST(t.outcome_variance AS DECIMAL(28, 2))) AS outcome_variance,
    SUM(CAST(t.value_by_r AS DECIMAL(24, 4))) AS value_by_r,
    SUM(CAST(t.value_by_alpha AS DECIMAL(24, 4))) AS value_by_alpha,
    SUM(CAST(t.value_by_a AS DECIMAL(24, 4))) AS value_by_a,
    SUM(CAST(t.value_by_b AS DECIMAL(24, 4))) AS value_by_b,
    SUM(CAST(t.value_by_p AS DECIMAL(24, 4))) AS value_by_p,
    SUM(CAST(t.value_by_q AS DECIMAL(24, 4))) AS value_by_q,
    SUM(CAST(t.value_by_gamma AS DECIMAL(24, 4))) AS value_by_gamma
FROM value_terms AS t
INNER JOIN clv AS c ON t.customer_id = c.customer_id AND t.horizon_days = c.horizon_days
INNER JOIN clv_group_members AS g ON t.customer_id = g.customer_id
LEFT JOIN margin_sources AS m ON t.customer_id = m.customer_id
GROUP BY t.horizon_days, g.dimension, g.item
