-- One row per key of a record in a block above the cap, and second key. No key: second keys may be equal.
WITH large AS (
    SELECT
        k.record_no,
        k.rule_no,
        k.block,
        CASE WHEN p.is_identifier THEN f.given_code END AS given_code,
        left(f.birth_text, 4) AS birth_year,
        COALESCE(f.postcode, f.city) AS place,
        f.phone
    FROM large_keys AS k
    INNER JOIN block_rules AS p ON p.rule_no = k.rule_no
    INNER JOIN match_features AS f ON f.record_no = k.record_no
)
SELECT record_no, rule_no, block + grouping_hash(given_code) AS block
FROM large
WHERE given_code IS NOT NULL
UNION ALL
SELECT record_no, rule_no, block + grouping_hash(birth_year) AS block
FROM large
WHERE birth_year IS NOT NULL
UNION ALL
SELECT record_no, rule_no, block + grouping_hash(place) AS block
FROM large
WHERE place IS NOT NULL
UNION ALL
SELECT record_no, rule_no, block + grouping_hash(left(phone, 8)) AS block
FROM large
WHERE phone IS NOT NULL
