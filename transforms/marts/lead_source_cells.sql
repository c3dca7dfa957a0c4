-- One row per source of leads: its leads. Key: own_source.
SELECT own_source, COUNT(*) AS people
FROM leads
GROUP BY own_source
