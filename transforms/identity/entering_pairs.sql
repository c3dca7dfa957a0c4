-- One row per two records that share a small enough block because of the change. Key: record_a, record_b.
WITH entering AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM entering_keys AS k
    INNER JOIN touched_blocks AS t ON t.rule_no = k.rule_no AND t.block = k.block
    WHERE t.is_small
),
opened AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM staying_keys AS k
    INNER JOIN touched_blocks AS t ON t.rule_no = k.rule_no AND t.block = k.block
    WHERE t.is_small AND NOT t.was_small
)
SELECT a.record_no AS record_a, b.record_no AS record_b
FROM entering AS a
INNER JOIN entering AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no < b.record_no
UNION
SELECT least(a.record_no, b.record_no) AS record_a, greatest(a.record_no, b.record_no) AS record_b
FROM entering AS a
INNER JOIN staying_keys AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no <> b.record_no
UNION
SELECT a.record_no AS record_a, b.record_no AS record_b
FROM opened AS a
INNER JOIN opened AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no < b.record_no
