-- One row per edge inside a suspicious cluster. Key: record_a, record_b, weight.
SELECT DISTINCT e.record_a, e.record_b, e.weight
FROM all_edges AS e
INNER JOIN (SELECT DISTINCT record_key FROM suspicious_facts) AS s ON s.record_key = e.record_a
