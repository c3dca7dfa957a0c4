-- One row per customer cluster and thing it shares with a few others: a phone or a household number.
-- Key: cluster_no, token.
WITH tokens AS (
    SELECT DISTINCT c.cluster_no, 'phone ' || i.value AS token
    FROM identifiers AS i
    INNER JOIN clusters AS c ON c.record_key = i.record_key
    WHERE i.kind = 'phone'
    UNION
    SELECT DISTINCT c.cluster_no, 'household ' || f.household_key
    FROM contact_facts AS f
    INNER JOIN clusters AS c ON c.record_key = f.record_key
    WHERE f.household_key IS NOT NULL
),
shared AS (
    SELECT token
    FROM tokens
    GROUP BY token
    HAVING COUNT(*) BETWEEN 2 AND 8
)
SELECT t.cluster_no, t.token
FROM tokens AS t
INNER JOIN shared AS s ON s.token = t.token
