-- One row per customer with a purchase, as_of and horizon. Key: as_of, customer_id, horizon_days.
-- The reason compares the silence with the customer's own usual gap between purchases.
SELECT
    p.as_of,
    s.customer_id,
    s.horizon_days,
    CAST(s.p_no_purchase AS DECIMAL(7, 6)) AS churn_probability,
    CAST(s.p_alive AS DECIMAL(7, 6)) AS p_alive,
    add_days(p.as_of, CAST(s.next_days AS INTEGER)) AS expected_next_purchase,
    r.state,
    CASE
        WHEN r.state = 'new' THEN 'first purchase was recent'
        WHEN h.x = 0 THEN 'bought once and has been silent since'
        WHEN r.state = 'active' THEN 'buys in the usual rhythm'
        WHEN r.days_since_last > r.typical_gap_days * 6 THEN 'silent for more than six times the usual gap'
        WHEN r.days_since_last > r.typical_gap_days * 3 THEN 'silent for more than three times the usual gap'
        WHEN r.days_since_last > r.typical_gap_days * 2 THEN 'silent for more than twice the usual gap'
        ELSE 'somewhat later than usual'
    END AS reason
FROM churn_scores AS s
INNER JOIN customer_rhythm AS r ON r.customer_id = s.customer_id
INNER JOIN purchase_history AS h ON h.customer_id = s.customer_id
CROSS JOIN params AS p
