-- One row per phone or e-mail that far too many records share to be anybody's. Key: kind, value.
-- 081234567890 and test@test.com are written by people who do not want to be found.
WITH listed AS (
    SELECT 'email' AS kind, email AS value FROM match_records WHERE email IS NOT NULL
    UNION ALL
    SELECT 'phone', phone FROM (SELECT UNNEST(phones) AS phone FROM match_records) AS p
)
SELECT kind, value
FROM listed
GROUP BY kind, value
HAVING COUNT(*) > 50
