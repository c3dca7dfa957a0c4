-- One row per two unchanged records that shared a block which grew above the cap. Key: record_a, record_b.
WITH closed AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM staying_keys AS k
    INNER JOIN touched_blocks AS t ON t.rule_no = k.rule_no AND t.block = k.block
    WHERE t.was_small AND NOT t.is_small
)
SELECT DISTINCT a.record_no AS record_a, b.record_no AS record_b
FROM closed AS a
INNER JOIN closed AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no < b.record_no
