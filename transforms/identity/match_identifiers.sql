-- One row per record and phone or e-mail it gives. Key: record_no, kind, value.
SELECT record_no, 'email' AS kind, email AS value FROM match_records WHERE email IS NOT NULL
UNION ALL
SELECT record_no, 'phone' AS kind, phone AS value
FROM (SELECT record_no, UNNEST(phones) AS phone FROM match_records) AS p
