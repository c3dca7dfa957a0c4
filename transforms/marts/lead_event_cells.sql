-- One row per event of leads or of campaigns, NULL for none: its leads. Key: own_event.
WITH events AS (
    SELECT own_event, 1 AS people
    FROM leads
    UNION ALL
    SELECT event AS own_event, 0 AS people
    FROM campaign_costs
    WHERE event IS NOT NULL
)

SELECT own_event, CAST(SUM(people) AS BIGINT) AS people
FROM events
GROUP BY own_event
