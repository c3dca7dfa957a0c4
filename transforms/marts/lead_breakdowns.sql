-- One row per way of looking at leads: what the items are by, and what they are crossed with. Key: breakdown.
SELECT breakdown
FROM (VALUES ('source'), ('event'), ('city'), ('product'), ('source_city'), ('source_product')) AS names (breakdown)
