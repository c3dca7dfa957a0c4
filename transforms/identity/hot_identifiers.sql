-- One row per phone or e-mail that far too many records share to be anybody's. Key: kind, value.
-- 081234567890 and test@test.com are written by people who do not want to be found.
SELECT i.kind, i.value
FROM match_identifiers AS i
CROSS JOIN match_limits AS l
GROUP BY i.kind, i.value
HAVING COUNT(*) > MAX(l.hot_above)
