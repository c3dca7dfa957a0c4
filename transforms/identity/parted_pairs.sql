-- One row per pair of `parting_pairs` that no other small enough block proposes. Key: record_a, record_b.
WITH keys AS (
    SELECT record_no, rule_no, block FROM block_keys
    UNION ALL
    SELECT record_no, rule_no, block FROM refined_keys
),
small AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM keys AS k
    ANTI JOIN large_blocks AS g ON g.rule_no = k.rule_no AND g.block = k.block
),
proposed AS (
    SELECT p.record_a, p.record_b
    FROM parting_pairs AS p
    INNER JOIN small AS a ON a.record_no = p.record_a
    INNER JOIN small AS b ON b.record_no = p.record_b AND b.rule_no = a.rule_no AND b.block = a.block
)
SELECT p.record_a, p.record_b
FROM parting_pairs AS p
ANTI JOIN proposed AS q ON q.record_a = p.record_a AND q.record_b = p.record_b
