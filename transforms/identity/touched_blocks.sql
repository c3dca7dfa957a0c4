-- One row per block that records enter or leave: its size before and after. Key: rule_no, block.
WITH moves AS (
    SELECT rule_no, block, 1 AS count_in, 0 AS count_out, 0 AS count_staying FROM entering_keys
    UNION ALL
    SELECT rule_no, block, 0, 1, 0 FROM leaving_keys
    UNION ALL
    SELECT rule_no, block, 0, 0, 1 FROM staying_keys
),
counted AS (
    SELECT
        rule_no,
        block,
        SUM(count_in) AS count_in,
        SUM(count_out) AS count_out,
        SUM(count_staying) AS count_staying
    FROM moves
    GROUP BY rule_no, block
),
sized AS (
    SELECT
        c.rule_no,
        c.block,
        CAST(COALESCE(g.count_records, c.count_staying + c.count_out) AS BIGINT) AS count_before,
        CAST(COALESCE(g.count_records - c.count_out, c.count_staying) + c.count_in AS BIGINT) AS count_after
    FROM counted AS c
    LEFT JOIN known_large AS g ON g.rule_no = c.rule_no AND g.block = c.block
)
SELECT
    s.rule_no,
    s.block,
    s.count_before,
    s.count_after,
    s.count_before <= p.block_cap AS was_small,
    s.count_after <= p.block_cap AS is_small
FROM sized AS s
INNER JOIN block_rules AS p ON p.rule_no = s.rule_no
