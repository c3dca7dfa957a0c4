-- One row per phone or e-mail that changed records give or gave: whether it is hot now and was before.
-- Key: kind, value.
WITH touched AS (
    SELECT i.kind, i.value
    FROM known_identifiers AS i
    SEMI JOIN changed_numbers AS c ON c.record_no = i.record_no
    UNION
    SELECT kind, value FROM match_identifiers
),
held AS (
    SELECT i.kind, i.value
    FROM known_identifiers AS i
    SEMI JOIN touched AS t ON t.kind = i.kind AND t.value = i.value
    ANTI JOIN changed_numbers AS c ON c.record_no = i.record_no
    UNION ALL
    SELECT kind, value FROM match_identifiers
),
counted AS (
    SELECT kind, value, COUNT(*) AS count_records FROM held GROUP BY kind, value
)
SELECT
    t.kind,
    t.value,
    COALESCE(n.count_records, 0) > l.hot_above AS is_hot,
    h.value IS NOT NULL AS was_hot
FROM touched AS t
CROSS JOIN match_limits AS l
LEFT JOIN counted AS n ON n.kind = t.kind AND n.value = t.value
LEFT JOIN known_hot AS h ON h.kind = t.kind AND h.value = t.value
