-- One row per record, channel and content of a contact visible at as_of. Key: record_key, channel, content_hash.
-- `ord` orders versions by (arrived, received order, line); the highest wins.
WITH visible AS (
    SELECT
        c.record_key,
        c.channel,
        c.content_hash,
        c.event_on,
        (CAST(days_between(DATE '2000-01-01', c.arrived) AS BIGINT) * 100000 + c.file_seq) * 1000000000 + c.line
            AS ord
    FROM contact_rows AS c
    CROSS JOIN params AS p
    WHERE c.arrived <= p.as_of AND c.event_on <= p.as_of
)
SELECT
    record_key,
    channel,
    content_hash,
    MAX(ord) AS ord,
    MIN(event_on) AS first_on,
    MAX(event_on) AS last_on,
    CAST(COUNT(*) AS BIGINT) AS count_rows
FROM visible
GROUP BY record_key, channel, content_hash
