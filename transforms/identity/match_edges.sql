-- One row per pair of records and rule. Key: record_a, record_b, rule.
SELECT
    e.record_a,
    e.record_b,
    e.rule,
    CAST(e.weight AS DECIMAL(9, 4)) AS weight,
    COALESCE(a.cluster_no = b.cluster_no, FALSE) AS is_used
FROM all_edges AS e
LEFT JOIN clusters AS a ON a.record_key = e.record_a
LEFT JOIN clusters AS b ON b.record_key = e.record_b
