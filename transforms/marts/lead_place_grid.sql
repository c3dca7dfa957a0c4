-- One row per place of leads and source told apart by place, NULL for the other sources: its leads. Key: own_city_code, source.
SELECT c.own_city_code, s.source, CAST(SUM(c.people) AS BIGINT) AS people
FROM lead_place_cells AS c
LEFT JOIN sources_by_place AS s ON c.source = s.source
GROUP BY c.own_city_code, s.source
