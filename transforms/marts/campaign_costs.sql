-- One row per event and medium of campaigns that began by as_of: what they cost. Key: event, source.
-- The event is NULL for campaigns without one.
SELECT event, source, CAST(SUM(cost) AS DECIMAL(18, 2)) AS cost
FROM visible_campaigns
WHERE cost IS NOT NULL
GROUP BY event, source
