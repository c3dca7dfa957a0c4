-- One row per phone or e-mail that two to eight customer clusters give, and cluster. Key: kind, value, cluster_no.
WITH given AS (
    SELECT 'phone' AS kind, phone AS value, record_key
    FROM (SELECT record_key, UNNEST(phones) AS phone FROM contact_facts WHERE array_length(phones) > 0) AS listed
    UNION ALL
    SELECT 'email' AS kind, email AS value, record_key FROM contact_facts WHERE email IS NOT NULL
),
told AS (
    SELECT DISTINCT g.kind, g.value, c.cluster_no
    FROM given AS g
    INNER JOIN clusters AS c ON c.record_key = g.record_key
),
shared AS (
    SELECT kind, value
    FROM told
    GROUP BY kind, value
    HAVING COUNT(*) BETWEEN 2 AND 8
)
SELECT t.kind, t.value, t.cluster_no
FROM told AS t
INNER JOIN shared AS s ON s.kind = t.kind AND s.value = t.value
