-- One row per identifier of a record and the name it came with. Key: kind, value, record_key, name_key.
WITH named AS (
    SELECT 'nik' AS kind, nik AS value, record_key, name_key FROM contact_facts WHERE nik IS NOT NULL
    UNION ALL
    SELECT 'national_id', national_id, record_key, name_key FROM contact_facts WHERE national_id IS NOT NULL
    UNION ALL
    SELECT 'member_id', member_id, record_key, name_key FROM contact_facts WHERE member_id IS NOT NULL
    UNION ALL
    SELECT 'email', email, record_key, name_key FROM contact_facts WHERE email IS NOT NULL
    UNION ALL
    SELECT 'phone', phone, record_key, name_key
    FROM (SELECT record_key, name_key, UNNEST(phones) AS phone FROM contact_facts)
)
SELECT DISTINCT kind, value, record_key, name_key
FROM named
