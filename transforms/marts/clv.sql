-- One row per customer with a purchase, as_of and horizon. Key: as_of, customer_id, horizon_days.
SELECT
    p.as_of,
    s.customer_id,
    s.horizon_days,
    CAST(s.expected_purchases AS DECIMAL(18, 4)) AS expected_purchases,
    CAST(s.expected_margin_per_purchase AS DECIMAL(18, 4)) AS expected_margin_per_purchase,
    CAST(s.clv AS DECIMAL(18, 2)) AS clv,
    CAST(s.clv_low AS DECIMAL(18, 2)) AS clv_low,
    CAST(s.clv_high AS DECIMAL(18, 2)) AS clv_high,
    CAST(s.p_alive AS DECIMAL(7, 6)) AS p_alive,
    m.model,
    CASE
        WHEN g.revenue_cost * 2 > g.revenue THEN 'cost'
        WHEN (g.revenue_cost + g.revenue_category_margin) * 2 > g.revenue THEN 'category_margin'
        ELSE 'default_margin'
    END AS margin_source
FROM value_scores AS s
LEFT JOIN margin_sources AS g ON s.customer_id = g.customer_id
CROSS JOIN params AS p
CROSS JOIN value_model AS m
