-- One row per statement of a customer on consent or on how it wants to be contacted. Key: seq, touch.
-- Of several versions of one consent the latest counts.
WITH consents AS (
    SELECT
        c.record_key,
        c.source_channel,
        c.event_on,
        c.event_at,
        c.purpose,
        c.channel,
        MAX(row_seq(c.file_seq, c.line, c.mapping)) AS seq,
        arg_max(
            c.granted,
            version_ord(c.arrived, c.file_seq, c.line)
        ) AS granted
    FROM consent_rows AS c
    CROSS JOIN params AS p
    WHERE c.arrived <= p.as_of AND c.event_on <= p.as_of
    GROUP BY c.record_key, c.source_channel, c.event_on, c.event_at, c.purpose, c.channel
),
statements AS (
    SELECT
        record_key,
        event_on AS touched_on,
        event_at AS happened_at,
        seq,
        source_channel AS channel,
        CASE WHEN granted THEN 'consent_given' ELSE 'consent_withdrawn' END AS touch,
        purpose,
        channel AS medium
    FROM consents
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
