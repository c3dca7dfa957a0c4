-- One row per interaction with a record by as_of, in its latest version. Key: seq.
SELECT
    i.record_key,
    i.event_on,
    i.event_at,
    row_seq(i.file_seq, i.line, i.mapping) AS seq,
    i.channel AS contact_channel,
    i.type IN ('bounced', 'failed', 'undelivered') AS is_undelivered,
    i.direction = 'outbound' AS is_outbound,
    COALESCE(i.outcome = 'soft', FALSE) AS is_passing,
    i.salesperson,
    i.campaign_id
FROM interaction_rows AS i
CROSS JOIN params AS p
LEFT JOIN superseded_interactions AS s
    ON s.channel = i.source_channel AND s.file_seq = i.file_seq AND s.line = i.line AND s.mapping = i.mapping
WHERE i.arrived <= p.as_of AND i.event_on <= p.as_of AND s.line IS NULL
