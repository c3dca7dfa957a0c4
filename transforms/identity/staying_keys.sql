-- One row per key of a record that stays in a block which others enter or leave. No key: second keys may be equal.
-- Blocks above the cap before and after are left out: nobody is compared there.
WITH moves AS (
    SELECT rule_no, block, 1 AS step FROM entering_keys
    UNION ALL
    SELECT rule_no, block, -1 AS step FROM leaving_keys
),
touched AS (
    SELECT rule_no, block, SUM(step) AS growth FROM moves GROUP BY rule_no, block
),
small AS (
    SELECT t.rule_no, t.block
    FROM touched AS t
    INNER JOIN block_rules AS p ON p.rule_no = t.rule_no
    LEFT JOIN known_large AS g ON g.rule_no = t.rule_no AND g.block = t.block
    WHERE g.block IS NULL OR g.count_records + t.growth <= p.block_cap
)
SELECT k.record_no, k.rule_no, k.block
FROM keys_before AS k
SEMI JOIN small AS s ON s.rule_no = k.rule_no AND s.block = k.block
ANTI JOIN leaving_keys AS o ON o.record_no = k.record_no AND o.rule_no = k.rule_no AND o.block = k.block
