-- One row per pair of records and rule: the evidence weighed, or a steward's word. Key: record_a, record_b, rule.
-- Pairs that are clearly two people are left out; what is left is used, reviewed or explains a veto.
WITH edges AS (
    SELECT
        s.record_a,
        s.record_b,
        r.rule,
        s.weight,
        CAST(1 / (1 + power(CAST(2 AS DOUBLE), -CAST(s.weight AS DOUBLE))) AS DECIMAL(7, 6)) AS probability,
        s.pattern,
        s.term_bits,
        s.is_vetoed,
        s.weight >= p.threshold AND NOT s.is_vetoed AS is_accepted
    FROM scored_pairs AS s
    INNER JOIN pattern_rules AS r ON r.pattern = s.pattern
    CROSS JOIN match_params AS p
    WHERE s.weight >= p.least_weight
    UNION ALL
    SELECT
        d.record_a,
        d.record_b,
        CASE WHEN d.is_same THEN 'steward_same' ELSE 'steward_different' END,
        CASE WHEN d.is_same THEN CAST(99 AS DECIMAL(9, 4)) ELSE CAST(-99 AS DECIMAL(9, 4)) END,
        CASE WHEN d.is_same THEN CAST(1 AS DECIMAL(7, 6)) ELSE CAST(0 AS DECIMAL(7, 6)) END,
        CAST(0 AS BIGINT),
        CAST(0 AS DECIMAL(9, 4)),
        NOT d.is_same,
        d.is_same
    FROM decided_pairs AS d
)
SELECT
    least(na.record_key, nb.record_key) AS record_a,
    greatest(na.record_key, nb.record_key) AS record_b,
    e.rule,
    e.weight,
    e.probability,
    e.pattern,
    e.term_bits,
    e.is_vetoed,
    e.is_accepted AND a.cluster_first = b.cluster_first AS is_used
FROM edges AS e
INNER JOIN record_numbers AS na ON na.record_no = e.record_a
INNER JOIN record_numbers AS nb ON nb.record_no = e.record_b
INNER JOIN cluster_numbers AS a ON a.record_no = e.record_a
INNER JOIN cluster_numbers AS b ON b.record_no = e.record_b
