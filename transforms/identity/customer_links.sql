-- One row per record and as_of: the customer it is. Key: record_key.
-- The anchor of a cluster is its first record by (received order, arrived, record_key); the id derives from it.
-- An anchor that is kept no longer goes on giving its number to those it was one with (kept_anchors).
-- When two anchors hash alike, the later one re-hashes with a counter.
WITH placed AS (
    SELECT
        r.record_key,
        r.anchor_ord,
        c.cluster_no,
        c.match_rule,
        c.match_weight,
        ROW_NUMBER() OVER (PARTITION BY c.cluster_no ORDER BY r.anchor_ord, r.record_key) AS position
    FROM record_registry AS r
    INNER JOIN clusters AS c ON c.record_key = r.record_key
),
kept AS (
    SELECT p.cluster_no, k.customer_id, k.anchor_ord
    FROM placed AS p
    INNER JOIN kept_anchors AS k ON k.record_hash = keyed_hash(p.record_key)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY p.cluster_no ORDER BY k.anchor_ord, k.customer_id) = 1
),
anchors AS (
    SELECT
        p.cluster_no,
        p.record_key AS anchor,
        COALESCE(k.anchor_ord, p.anchor_ord) AS anchor_ord,
        COALESCE(k.customer_id, keyed_int53(p.record_key)) AS first_id
    FROM placed AS p
    LEFT JOIN kept AS k ON k.cluster_no = p.cluster_no AND k.anchor_ord <= p.anchor_ord
    WHERE p.position = 1
),
numbered AS (
    SELECT
        cluster_no,
        anchor,
        first_id,
        ROW_NUMBER() OVER (PARTITION BY first_id ORDER BY anchor_ord, anchor) AS attempt
    FROM anchors
),
named AS (
    SELECT
        cluster_no,
        anchor,
        CASE
            WHEN attempt = 1 THEN first_id
            ELSE keyed_int53(anchor || '#' || CAST(attempt AS VARCHAR))
        END AS customer_id
    FROM numbered
)
SELECT
    p.record_key,
    n.customer_id,
    h.household_id,
    n.anchor,
    p.match_rule,
    CAST(p.match_weight AS DECIMAL(9, 4)) AS match_weight
FROM placed AS p
INNER JOIN named AS n ON n.cluster_no = p.cluster_no
LEFT JOIN household_members AS h ON h.cluster_no = p.cluster_no
