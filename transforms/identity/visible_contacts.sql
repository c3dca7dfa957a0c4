-- One row per record, channel and content of a contact visible at as_of. Key: record_key, channel, content_hash.
-- `ord` orders versions by (arrived, received order, line); the highest wins.
WITH visible AS (
    SELECT
        c.record_key,
        c.channel,
        c.content_hash,
        c.event_on,
        version_ord(c.arrived, c.file_seq, c.line) AS ord
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
