-- One row per phone or e-mail that far too many records share to be anybody's. Key: kind, value.
-- 081234567890 and test@test.com are written by people who do not want to be found.
-- Hashes are counted first: they are far cheaper to group by, and hardly any is frequent.
WITH frequent AS (
    SELECT grouping_hash(value) AS hash
    FROM match_identifiers
    GROUP BY grouping_hash(value)
    HAVING COUNT(*) > (SELECT hot_above FROM match_limits)
)
SELECT i.kind, i.value
FROM match_identifiers AS i
SEMI JOIN frequent AS f ON f.hash = grouping_hash(i.value)
CROSS JOIN match_limits AS l
GROUP BY i.kind, i.value
HAVING COUNT(*) > MAX(l.hot_above)
