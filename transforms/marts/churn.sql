-- One row per customer with a purchase, as_of and horizon. Key: as_of, customer_id, horizon_days.
SELECT
    p.as_of,
    s.customer_id,
    s.horizon_days,
    CAST(s.p_no_purchase AS DECIMAL(7, 6)) AS churn_probability,
    CASE
        WHEN CAST(s.p_no_purchase AS DECIMAL(7, 6)) >= v.churn_high_from THEN 'high'
        WHEN CAST(s.p_no_purchase AS DECIMAL(7, 6)) >= v.churn_medium_from THEN 'medium'
        ELSE 'low'
    END AS churn_band,
    CAST(s.p_alive AS DECIMAL(7, 6)) AS p_alive,
    add_days(p.as_of, CAST(s.next_days AS INTEGER)) AS expected_next_purchase,
    add_days(p.as_of, CAST(s.next_days_p25 AS INTEGER)) AS next_purchase_p25,
    add_days(p.as_of, CAST(s.next_days_p75 AS INTEGER)) AS next_purchase_p75,
    r.days_overdue,
    r.state,
    n.reason_code,
    n.reason,
    n.reason_id,
    c.category AS falling_category,
    c.share_before AS falling_share_before,
    c.share_recent AS falling_share_now
FROM churn_scores AS s
INNER JOIN customer_rhythm AS r ON s.customer_id = r.customer_id
INNER JOIN churn_reasons AS n ON s.customer_id = n.customer_id
LEFT JOIN category_shifts AS c ON s.customer_id = c.customer_id
CROSS JOIN params AS p
CROSS JOIN value_settings AS v
