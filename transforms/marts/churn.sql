-- One row per customer with a purchase, as_of and horizon. Key: as_of, customer_id, horizon_days.
-- Scores are those of the customer's purchase history, which many share.
WITH scores AS (
    SELECT
        s.x,
        s.t_x_days,
        s.T_days,
        s.horizon_days,
        p.as_of,
        CAST(s.p_no_purchase AS DECIMAL(7, 6)) AS churn_probability,
        CAST(s.p_alive AS DECIMAL(7, 6)) AS p_alive,
        add_days(p.as_of, CAST(s.next_days AS INTEGER)) AS expected_next_purchase,
        add_days(p.as_of, CAST(s.next_days_p25 AS INTEGER)) AS next_purchase_p25,
        add_days(p.as_of, CAST(s.next_days_p75 AS INTEGER)) AS next_purchase_p75
    FROM churn_scores AS s
    CROSS JOIN params AS p
)

SELECT
    s.as_of,
    h.customer_id,
    s.horizon_days,
    s.churn_probability,
    CASE
        WHEN s.churn_probability >= v.churn_high_from THEN 'high'
        WHEN s.churn_probability >= v.churn_medium_from THEN 'medium'
        ELSE 'low'
    END AS churn_band,
    s.p_alive,
    s.expected_next_purchase,
    s.next_purchase_p25,
    s.next_purchase_p75,
    r.days_overdue,
    r.state,
    n.reason_code,
    n.reason,
    n.reason_id,
    c.category AS falling_category,
    c.share_before AS falling_share_before,
    c.share_recent AS falling_share_now
FROM purchase_history AS h
INNER JOIN scores AS s ON h.x = s.x AND h.t_x_days = s.t_x_days AND h.T_days = s.T_days
INNER JOIN customer_rhythm AS r ON h.customer_id = r.customer_id
INNER JOIN churn_reasons AS n ON h.customer_id = n.customer_id
LEFT JOIN category_shifts AS c ON h.customer_id = c.customer_id
CROSS JOIN value_settings AS v
