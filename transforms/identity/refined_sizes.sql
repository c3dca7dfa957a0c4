-- One row per refined block of two records or more. Key: rule_no, block.
SELECT rule_no, block, CAST(COUNT(*) AS BIGINT) AS count_records
FROM refined_keys
GROUP BY rule_no, block
HAVING COUNT(*) > 1
