-- One row per pair of records and rule, stewards' decisions included. Key: record_a, record_b, rule.
SELECT record_a, record_b, rule, CAST(weight AS DOUBLE) AS weight
FROM evidence_edges
UNION ALL
SELECT DISTINCT
    CASE WHEN d.record_a < d.record_b THEN d.record_a ELSE d.record_b END AS record_a,
    CASE WHEN d.record_a < d.record_b THEN d.record_b ELSE d.record_a END AS record_b,
    w.rule,
    CAST(w.weight AS DOUBLE) AS weight
FROM decisions AS d
INNER JOIN match_rules AS w ON w.rule = 'steward_same'
WHERE d.decision = 'same'
