-- One row per statement of a record on consent, in its latest version. Key: record_key, channel, stated_at, purpose,
-- contact_channel.
-- A statement that names no channel of contact speaks of any.
SELECT
    c.record_key,
    c.source_channel AS channel,
    c.event_on AS stated_on,
    c.event_at AS stated_at,
    row_seq(c.file_seq, c.line, c.mapping) AS seq,
    c.purpose,
    COALESCE(c.channel, 'any') AS contact_channel,
    c.granted AS is_granted,
    c.text_version,
    c.proof
FROM consent_rows AS c
CROSS JOIN params AS p
WHERE c.arrived <= p.as_of AND c.event_on <= p.as_of
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.record_key, c.source_channel, c.event_at, c.purpose, COALESCE(c.channel, 'any')
    ORDER BY version_ord(c.arrived, c.file_seq, c.line) DESC, c.granted, c.mapping DESC
) = 1
