-- One row per place and source of leads as they are shown, NULL for others: its leads. Key: own_city_code, source.
SELECT l.city_code AS own_city_code, f.source, COUNT(*) AS people
FROM leads AS l
INNER JOIN folded_lead_sources AS f ON l.own_source IS NOT DISTINCT FROM f.own_source
GROUP BY l.city_code, f.source
