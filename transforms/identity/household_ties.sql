-- One row per two customer clusters and evidence that they live together. Key: cluster_a, cluster_b, evidence.
-- A household number, or an address that fits at most eight, is evidence by itself. A shared phone or e-mail is
-- none: numbers are sold again, offices and resellers give theirs for others. It counts beside one more thing the
-- two share (household_backings).
-- The greater the strength, the earlier two join when not everybody fits into one household.
WITH numbered AS (
    SELECT DISTINCT split_part(f.record_key, ':', 1) AS id_space, f.household_key, c.cluster_no
    FROM contact_facts AS f
    INNER JOIN clusters AS c ON c.record_key = f.record_key
    WHERE f.household_key IS NOT NULL
),
numbers AS (
    SELECT id_space, household_key
    FROM numbered
    GROUP BY id_space, household_key
    HAVING COUNT(*) BETWEEN 2 AND 12
),
crowded AS (
    SELECT cluster_no
    FROM (
        SELECT cluster_a AS cluster_no FROM household_neighbours
        UNION ALL
        SELECT cluster_b FROM household_neighbours
    ) AS neighbours
    GROUP BY cluster_no
    HAVING COUNT(*) > 7
)
SELECT DISTINCT a.cluster_no AS cluster_a, b.cluster_no AS cluster_b, 'household_key' AS evidence, 5 AS strength
FROM numbers AS s
INNER JOIN numbered AS a ON a.id_space = s.id_space AND a.household_key = s.household_key
INNER JOIN numbered AS b
    ON b.id_space = s.id_space AND b.household_key = s.household_key AND b.cluster_no > a.cluster_no
UNION ALL
SELECT n.cluster_a, n.cluster_b, 'address', 3
FROM household_neighbours AS n
LEFT JOIN crowded AS a ON a.cluster_no = n.cluster_a
LEFT JOIN crowded AS b ON b.cluster_no = n.cluster_b
WHERE a.cluster_no IS NULL AND b.cluster_no IS NULL
UNION ALL
SELECT
    cluster_a,
    cluster_b,
    kind || '_and_' || backing,
    CASE backing WHEN 'address' THEN 4 WHEN 'postcode' THEN 2 ELSE 1 END
FROM household_backings
