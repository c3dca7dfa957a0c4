-- One row per interaction with a customer, in its latest version. Key: seq.
-- What a campaign sends and what comes of it are touches of their own.
SELECT
    l.customer_id,
    i.event_on AS touched_on,
    i.event_at AS happened_at,
    row_seq(i.file_seq, i.line, i.mapping) AS seq,
    i.source_channel AS channel,
    CASE
        WHEN i.campaign_id IS NULL THEN 'interaction'
        WHEN i.type IN ('sent', 'opened', 'clicked', 'bounced', 'unsubscribed') THEN 'campaign_' || i.type
        ELSE 'interaction'
    END AS touch,
    CASE
        WHEN i.campaign_id IS NULL THEN i.type
        WHEN i.type IN ('sent', 'opened', 'clicked', 'bounced', 'unsubscribed') THEN i.campaign_id
        ELSE i.type
    END AS detail,
    CASE i.direction WHEN 'inbound' THEN TRUE WHEN 'outbound' THEN FALSE END AS is_inbound,
    i.channel AS medium
FROM interaction_rows AS i
CROSS JOIN params AS p
INNER JOIN customer_links AS l ON l.record_key = i.record_key
LEFT JOIN superseded_interactions AS s
    ON s.channel = i.source_channel AND s.file_seq = i.file_seq AND s.line = i.line AND s.mapping = i.mapping
WHERE i.arrived <= p.as_of AND i.event_on <= p.as_of AND s.line IS NULL
