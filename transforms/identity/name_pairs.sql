-- One row per two names that share an e-mail or phone and agree. Key: kind, value, name_a, name_b.
-- A short name that fits two different people ("budi" beside "budi santoso" and "budi hartono") agrees with neither.
-- Identifiers shared by more than 30 names belong to nobody in particular and are left out.
WITH names AS (
    SELECT kind, value, name_key, MIN(record_key) AS record_key
    FROM identifiers
    WHERE kind IN ('email', 'phone') AND name_key IS NOT NULL
    GROUP BY kind, value, name_key
),
blocks AS (
    SELECT kind, value
    FROM names
    GROUP BY kind, value
    HAVING COUNT(*) BETWEEN 2 AND 30
),
members AS (
    SELECT n.kind, n.value, n.name_key, n.record_key
    FROM names AS n
    INNER JOIN blocks AS b ON n.kind = b.kind AND n.value = b.value
),
compared AS (
    SELECT
        a.kind,
        a.value,
        a.name_key AS name_a,
        b.name_key AS name_b,
        a.record_key AS record_a,
        b.record_key AS record_b,
        names_agree(a.name_key, b.name_key) AS is_agreeing
    FROM members AS a
    INNER JOIN members AS b ON a.kind = b.kind AND a.value = b.value AND a.name_key < b.name_key
),
both_ways AS (
    SELECT kind, value, name_a AS name_key, name_b AS other FROM compared WHERE is_agreeing
    UNION ALL
    SELECT kind, value, name_b, name_a FROM compared WHERE is_agreeing
),
torn AS (
    SELECT DISTINCT x.kind, x.value, x.name_key
    FROM both_ways AS x
    INNER JOIN both_ways AS y ON x.kind = y.kind AND x.value = y.value AND x.name_key = y.name_key AND x.other < y.other
    INNER JOIN compared AS c ON c.kind = x.kind AND c.value = x.value AND c.name_a = x.other AND c.name_b = y.other
    WHERE NOT c.is_agreeing
)
SELECT c.kind, c.value, c.name_a, c.name_b, c.record_a, c.record_b
FROM compared AS c
LEFT JOIN torn AS ta ON ta.kind = c.kind AND ta.value = c.value AND ta.name_key = c.name_a
LEFT JOIN torn AS tb ON tb.kind = c.kind AND tb.value = c.value AND tb.name_key = c.name_b
WHERE
    c.is_agreeing
    AND (ta.name_key IS NULL OR length(c.name_a) > length(c.name_b))
    AND (tb.name_key IS NULL OR length(c.name_b) > length(c.name_a))
