-- One row per contact made with a customer by as_of: what the company sent or said and what did not come back. Key: seq.
WITH returned AS (
    SELECT DISTINCT record_key, contact_channel, campaign_id
    FROM contact_outcomes
    WHERE is_undelivered AND campaign_id IS NOT NULL
)
SELECT l.customer_id, o.seq, o.event_on AS contacted_on, o.contact_channel, o.salesperson, o.campaign_id
FROM contact_outcomes AS o
INNER JOIN customer_links AS l ON l.record_key = o.record_key
LEFT JOIN returned AS r
    ON r.record_key = o.record_key AND r.contact_channel = o.contact_channel AND r.campaign_id = o.campaign_id
WHERE o.is_outbound AND o.is_undelivered IS NOT TRUE AND r.record_key IS NULL
