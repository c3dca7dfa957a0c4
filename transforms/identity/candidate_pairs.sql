-- One row per two records that share a small enough block. Key: record_a, record_b.
-- A block above the cap is refined by a second key, never dropped; `rules` has one bit per blocking rule.
WITH blocks AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM block_keys AS k
    INNER JOIN block_sizes AS s ON s.rule_no = k.rule_no AND s.block = k.block
    INNER JOIN block_rules AS p ON p.rule_no = k.rule_no
    WHERE s.count_records <= p.block_cap
    UNION ALL
    SELECT k.record_no, k.rule_no, k.block
    FROM refined_keys AS k
    INNER JOIN refined_sizes AS s ON s.rule_no = k.rule_no AND s.block = k.block
    INNER JOIN block_rules AS p ON p.rule_no = k.rule_no
    WHERE s.count_records <= p.block_cap
)
SELECT a.record_no AS record_a, b.record_no AS record_b, BIT_OR(r.rule_bit) AS rules
FROM blocks AS a
INNER JOIN blocks AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no < b.record_no
INNER JOIN block_rules AS r ON r.rule_no = a.rule_no
GROUP BY a.record_no, b.record_no
