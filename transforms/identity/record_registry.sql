-- One row per record visible at as_of, whichever contract knows it. Key: record_key.
-- The record with the smallest `anchor_ord` anchors its customer's id.
SELECT
    record_key,
    MIN(anchor_ord) AS anchor_ord,
    MIN(event_on) AS first_on,
    MAX(event_on) AS last_on,
    CAST(COUNT(*) AS BIGINT) AS count_touches
FROM record_touches
GROUP BY record_key
