-- One row per product of leads and source told apart by product, NULL for the other sources: its leads. Key: own_product, source.
SELECT c.own_product, s.source, CAST(SUM(c.people) AS BIGINT) AS people
FROM lead_interest_cells AS c
LEFT JOIN sources_by_product AS s ON c.source = s.source
GROUP BY c.own_product, s.source
