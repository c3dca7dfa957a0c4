-- One row per campaign known at as_of that began by then, in its latest version. Key: campaign_id.
-- The medium is called source, as that is what it is matched with.
WITH visible AS (
    SELECT r.campaign_id, r.event_name, r.channel, r.offer_category, r.cost, r.starts_on
    FROM campaign_rows AS r
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY r.campaign_id
        ORDER BY r.arrived DESC, r.file_seq DESC, r.line DESC, r.source_channel DESC
    ) = 1
)

SELECT v.campaign_id, v.event_name AS event, v.channel AS source, v.offer_category, v.cost
FROM visible AS v
CROSS JOIN params AS p
WHERE v.starts_on IS NULL OR v.starts_on <= p.as_of
