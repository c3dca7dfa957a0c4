-- One row per record: its cluster and the strongest rule that ties it there. Key: record_key.
-- A cluster is named by the first of its records in sorted order.
WITH used AS (
    SELECT s.record_a, s.record_b, r.rule, s.weight
    FROM scored_pairs AS s
    INNER JOIN pattern_rules AS r ON r.pattern = s.pattern
    INNER JOIN cluster_numbers AS a ON a.record_no = s.record_a
    INNER JOIN cluster_numbers AS b ON b.record_no = s.record_b AND b.cluster_first = a.cluster_first
    CROSS JOIN match_params AS p
    WHERE s.weight >= p.threshold AND NOT s.is_vetoed
    UNION ALL
    SELECT d.record_a, d.record_b, 'steward_same', CAST(99 AS DECIMAL(9, 4))
    FROM decided_pairs AS d
    INNER JOIN cluster_numbers AS a ON a.record_no = d.record_a
    INNER JOIN cluster_numbers AS b ON b.record_no = d.record_b AND b.cluster_first = a.cluster_first
    WHERE d.is_same
),
touching AS (
    SELECT record_a AS record_no, rule, weight FROM used
    UNION ALL
    SELECT record_b, rule, weight FROM used
),
strongest AS (
    SELECT record_no, MAX(weight) AS weight FROM touching GROUP BY record_no
),
named AS (
    SELECT t.record_no, t.weight, MIN(t.rule) AS rule
    FROM touching AS t
    INNER JOIN strongest AS s ON s.record_no = t.record_no AND s.weight = t.weight
    GROUP BY t.record_no, t.weight
),
sizes AS (
    SELECT c.cluster_first, MIN(n.record_key) AS cluster_no, CAST(COUNT(*) AS BIGINT) AS count_records
    FROM cluster_numbers AS c
    INNER JOIN record_numbers AS n ON n.record_no = c.record_no
    GROUP BY c.cluster_first
)
SELECT
    n.record_key,
    z.cluster_no,
    COALESCE(r.rule, CASE WHEN z.count_records > 1 THEN 'other_evidence' ELSE 'single' END) AS match_rule,
    COALESCE(r.weight, 0) AS match_weight
FROM cluster_numbers AS c
INNER JOIN record_numbers AS n ON n.record_no = c.record_no
INNER JOIN sizes AS z ON z.cluster_first = c.cluster_first
LEFT JOIN named AS r ON r.record_no = c.record_no
