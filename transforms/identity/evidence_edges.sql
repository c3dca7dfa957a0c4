-- One row per pair of records and rule that ties them. Key: record_a, record_b, rule.
-- Weights are bits of evidence, declared in match_rules. A phone or e-mail ties only with an agreeing name,
-- a phone never alone; an e-mail without a name joins when all names on that address agree.
WITH hard AS (
    SELECT kind, value, MIN(record_key) AS record_key
    FROM identifiers
    WHERE kind IN ('nik', 'national_id', 'member_id')
    GROUP BY kind, value
    HAVING COUNT(DISTINCT record_key) BETWEEN 2 AND 200
),
same_name AS (
    SELECT kind, value, name_key, MIN(record_key) AS record_key
    FROM identifiers
    WHERE kind IN ('email', 'phone') AND name_key IS NOT NULL
    GROUP BY kind, value, name_key
    HAVING COUNT(DISTINCT record_key) BETWEEN 2 AND 200
),
email_names AS (
    SELECT value, CAST(COUNT(DISTINCT name_key) AS BIGINT) AS count_names, MIN(record_key) AS record_key
    FROM identifiers
    WHERE kind = 'email' AND name_key IS NOT NULL
    GROUP BY value
),
email_agreement AS (
    SELECT value, CAST(COUNT(*) AS BIGINT) AS count_pairs
    FROM name_pairs
    WHERE kind = 'email'
    GROUP BY value
),
one_person_email AS (
    SELECT n.value, n.record_key
    FROM email_names AS n
    LEFT JOIN email_agreement AS a ON a.value = n.value
    WHERE COALESCE(a.count_pairs, 0) * 2 = n.count_names * (n.count_names - 1)
),
nameless_email AS (
    SELECT value, MIN(record_key) AS record_key
    FROM identifiers
    WHERE kind = 'email'
    GROUP BY value
    HAVING COUNT(name_key) = 0 AND COUNT(DISTINCT record_key) BETWEEN 2 AND 200
),
edges AS (
    SELECT h.record_key AS record_a, i.record_key AS record_b, i.kind AS rule
    FROM hard AS h
    INNER JOIN identifiers AS i ON i.kind = h.kind AND i.value = h.value
    UNION ALL
    SELECT s.record_key, i.record_key, i.kind || '_and_name'
    FROM same_name AS s
    INNER JOIN identifiers AS i ON i.kind = s.kind AND i.value = s.value AND i.name_key = s.name_key
    UNION ALL
    SELECT record_a, record_b, kind || '_and_name'
    FROM name_pairs
    UNION ALL
    SELECT o.record_key, i.record_key, 'email_alone'
    FROM one_person_email AS o
    INNER JOIN identifiers AS i ON i.kind = 'email' AND i.value = o.value AND i.name_key IS NULL
    UNION ALL
    SELECT n.record_key, i.record_key, 'email_alone'
    FROM nameless_email AS n
    INNER JOIN identifiers AS i ON i.kind = 'email' AND i.value = n.value
),
directed AS (
    SELECT
        CASE WHEN record_a < record_b THEN record_a ELSE record_b END AS record_a,
        CASE WHEN record_a < record_b THEN record_b ELSE record_a END AS record_b,
        rule
    FROM edges
    WHERE record_a <> record_b
)
SELECT DISTINCT d.record_a, d.record_b, d.rule, w.weight
FROM directed AS d
INNER JOIN match_rules AS w ON w.rule = d.rule
