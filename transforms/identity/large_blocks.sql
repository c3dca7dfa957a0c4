-- One row per block, refined ones included, with more records than its rule compares in whole. Key: rule_no, block.
SELECT s.rule_no, s.block, s.count_records
FROM block_sizes AS s
INNER JOIN block_rules AS p ON p.rule_no = s.rule_no
WHERE s.count_records > p.block_cap
UNION ALL
SELECT s.rule_no, s.block, s.count_records
FROM refined_sizes AS s
INNER JOIN block_rules AS p ON p.rule_no = s.rule_no
WHERE s.count_records > p.block_cap
