-- One row per customer cluster that lives with another. Key: cluster_no.
-- The household's id derives from its first record by (received order, arrived, record_key), as a customer's does:
-- of two households that become one the earlier id stays. When two first records hash alike, the later one
-- hashes again with a counter.
WITH placed AS (
    SELECT
        h.household_no,
        h.cluster_no,
        r.record_key,
        r.anchor_ord,
        ROW_NUMBER() OVER (PARTITION BY h.household_no ORDER BY r.anchor_ord, r.record_key) AS position
    FROM household_components AS h
    INNER JOIN clusters AS c ON c.cluster_no = h.cluster_no
    INNER JOIN record_registry AS r ON r.record_key = c.record_key
),
anchors AS (
    SELECT household_no, record_key, anchor_ord, keyed_int53('household ' || record_key) AS first_id
    FROM placed
    WHERE position = 1
),
numbered AS (
    SELECT
        household_no,
        record_key,
        first_id,
        ROW_NUMBER() OVER (PARTITION BY first_id ORDER BY anchor_ord, record_key) AS attempt
    FROM anchors
),
named AS (
    SELECT
        household_no,
        CASE
            WHEN attempt = 1 THEN first_id
            ELSE keyed_int53('household ' || record_key || '#' || CAST(attempt AS VARCHAR))
        END AS household_id
    FROM numbered
)
SELECT h.cluster_no, n.household_id
FROM household_components AS h
INNER JOIN named AS n ON n.household_no = h.household_no
