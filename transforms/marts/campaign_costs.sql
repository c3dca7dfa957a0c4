-- One row per event and medium of campaigns that began by as_of: what they cost. Key: event, source.
-- The medium is called source, as that is what it is matched with; the event is NULL for campaigns without one.
WITH visible AS (
    SELECT r.event_name, r.channel, r.cost, r.starts_on
    FROM campaign_rows AS r
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY r.campaign_id
        ORDER BY r.arrived DESC, r.file_seq DESC, r.line DESC, r.source_channel DESC
    ) = 1
)

SELECT
    v.event_name AS event,
    v.channel AS source,
    CAST(SUM(v.cost) AS DECIMAL(18, 2)) AS cost
FROM visible AS v
CROSS JOIN params AS p
WHERE v.cost IS NOT NULL AND (v.starts_on IS NULL OR v.starts_on <= p.as_of)
GROUP BY v.event_name, v.channel
