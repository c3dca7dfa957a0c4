-- One row per block of two records or more. Key: rule_no, block.
SELECT rule_no, block, CAST(COUNT(*) AS BIGINT) AS count_records
FROM block_keys
GROUP BY rule_no, block
HAVING COUNT(*) > 1
