-- One row per statement of a contact first made in the year up to as_of, with its channel and who took it. Key:
-- customer_id, ord.
-- Who took it is the salesperson of an interaction with the same record on the same day.
WITH takers AS (
    SELECT record_key, event_on, MIN(salesperson) AS salesperson
    FROM contact_outcomes
    WHERE salesperson IS NOT NULL
    GROUP BY record_key, event_on
)
SELECT l.customer_id, v.ord, v.channel, COALESCE(MIN(t.salesperson), '(none)') AS salesperson
FROM contact_versions AS v
CROSS JOIN params AS p
INNER JOIN customer_links AS l ON l.record_key = v.record_key
LEFT JOIN takers AS t ON t.record_key = v.record_key AND t.event_on = v.first_on
WHERE v.first_on > add_days(p.as_of, -365)
GROUP BY l.customer_id, v.ord, v.channel
