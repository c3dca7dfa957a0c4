-- One row per statement of a customer on consent or on how it wants to be contacted. Key: seq, touch.
WITH statements AS (
    SELECT
        record_key,
        stated_on AS touched_on,
        stated_at AS happened_at,
        seq,
        channel,
        CASE WHEN is_granted THEN 'consent_given' ELSE 'consent_withdrawn' END AS touch,
        purpose,
        NULLIF(contact_channel, 'any') AS medium
    FROM consent_statements
    UNION ALL
    SELECT
        r.record_key,
        r.event_on,
        CAST(NULL AS TIMESTAMP),
        row_seq(r.file_seq, r.line, r.mapping),
        r.source_channel,
        'preference',
        CAST(NULL AS VARCHAR),
        r.channel
    FROM preference_rows AS r
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
)
SELECT l.customer_id, s.touched_on, s.happened_at, s.seq, s.channel, s.touch, s.purpose, s.medium
FROM statements AS s
INNER JOIN customer_links AS l ON l.record_key = s.record_key
