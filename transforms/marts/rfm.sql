-- One row per as_of and customer with a net-positive order day in the window. Key: as_of, customer_id.
-- Scores and segments come from rfm_standings, the previous month-end's as well.
SELECT
    today.as_of,
    today.customer_id,
    today.recency_days,
    today.frequency,
    today.monetary,
    today.r_score,
    today.f_score,
    today.m_score,
    today.segment,
    earlier.segment AS previous_segment
FROM rfm_standings AS today
LEFT JOIN rfm_standings AS earlier ON today.customer_id = earlier.customer_id AND earlier.role = 'previous'
WHERE today.role = 'current'
