-- One row per record: its cluster and the strongest rule that ties it there. Key: record_key.
WITH used AS (
    SELECT e.record_a, e.record_b, e.rule, e.weight
    FROM all_edges AS e
    INNER JOIN cut_clusters AS a ON a.record_key = e.record_a
    INNER JOIN cut_clusters AS b ON b.record_key = e.record_b AND b.cluster_no = a.cluster_no
),
touching AS (
    SELECT record_a AS record_key, rule, weight FROM used
    UNION ALL
    SELECT record_b, rule, weight FROM used
),
ranked AS (
    SELECT
        record_key,
        rule,
        weight,
        ROW_NUMBER() OVER (PARTITION BY record_key ORDER BY weight DESC, rule) AS position
    FROM touching
)
SELECT
    c.record_key,
    c.cluster_no,
    COALESCE(r.rule, 'single') AS match_rule,
    COALESCE(r.weight, 0) AS match_weight
FROM cut_clusters AS c
LEFT JOIN ranked AS r ON r.record_key = c.record_key AND r.position = 1
