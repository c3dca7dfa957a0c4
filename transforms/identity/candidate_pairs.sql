-- One row per two records that share a small enough block. Key: record_a, record_b.
-- A block above the cap is refined by a second key, never dropped; `rules` has one bit per blocking rule.
WITH sizes AS (
    SELECT rule_no, block, CAST(COUNT(*) AS BIGINT) AS count_records
    FROM block_keys
    GROUP BY rule_no, block
    HAVING COUNT(*) > 1
),
small AS (
    SELECT k.record_no, k.rule_no, k.block
    FROM block_keys AS k
    INNER JOIN sizes AS s ON s.rule_no = k.rule_no AND s.block = k.block
    INNER JOIN block_rules AS p ON p.rule_no = k.rule_no
    WHERE s.count_records <= p.block_cap
),
large AS (
    SELECT
        k.record_no,
        k.rule_no,
        k.block,
        CASE WHEN p.is_identifier THEN f.given_code END AS given_code,
        f.birth_year,
        COALESCE(f.postcode, f.city) AS place,
        f.phone
    FROM block_keys AS k
    INNER JOIN sizes AS s ON s.rule_no = k.rule_no AND s.block = k.block
    INNER JOIN block_rules AS p ON p.rule_no = k.rule_no
    INNER JOIN match_features AS f ON f.record_no = k.record_no
    WHERE s.count_records > p.block_cap
),
refined AS (
    SELECT record_no, rule_no, block + grouping_hash(given_code) AS block
    FROM large
    WHERE given_code IS NOT NULL
    UNION ALL
    SELECT record_no, rule_no, block + grouping_hash(CAST(birth_year AS VARCHAR))
    FROM large
    WHERE birth_year IS NOT NULL
    UNION ALL
    SELECT record_no, rule_no, block + grouping_hash(place)
    FROM large
    WHERE place IS NOT NULL
    UNION ALL
    SELECT record_no, rule_no, block + grouping_hash(left(phone, 8))
    FROM large
    WHERE phone IS NOT NULL
),
refined_sizes AS (
    SELECT r.rule_no, r.block
    FROM refined AS r
    INNER JOIN block_rules AS p ON p.rule_no = r.rule_no
    GROUP BY r.rule_no, r.block
    HAVING COUNT(*) BETWEEN 2 AND MAX(p.block_cap)
),
blocks AS (
    SELECT record_no, rule_no, block FROM small
    UNION ALL
    SELECT r.record_no, r.rule_no, r.block
    FROM refined AS r
    INNER JOIN refined_sizes AS s ON s.rule_no = r.rule_no AND s.block = r.block
)
SELECT a.record_no AS record_a, b.record_no AS record_b, BIT_OR(r.rule_bit) AS rules
FROM blocks AS a
INNER JOIN blocks AS b ON b.rule_no = a.rule_no AND b.block = a.block AND a.record_no < b.record_no
INNER JOIN block_rules AS r ON r.rule_no = a.rule_no
GROUP BY a.record_no, b.record_no
