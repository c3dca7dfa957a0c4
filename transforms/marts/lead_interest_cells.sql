-- One row per product and source of leads as they are shown, NULL for others: its leads. Key: own_product, source.
SELECT g.product AS own_product, f.source, COUNT(*) AS people
FROM leads AS l
INNER JOIN folded_lead_sources AS f ON l.own_source IS NOT DISTINCT FROM f.own_source
INNER JOIN folded_lead_products AS g ON l.own_product IS NOT DISTINCT FROM g.own_product
GROUP BY g.product, f.source
