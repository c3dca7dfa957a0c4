-- One row per entry of the blacklist in force at as_of and record it names. Key: entry_no, record_key.
WITH entries AS (
    SELECT
        b.entry_no,
        b.kind,
        CASE b.kind
            WHEN 'email' THEN email_key(norm_email(b.value))
            WHEN 'phone' THEN norm_phone(b.value, b.country)
            WHEN 'nik' THEN norm_nik(b.value)
            WHEN 'record' THEN b.value
            ELSE upper(clean_text(b.value))
        END AS value
    FROM blacklist_entries AS b
    CROSS JOIN params AS p
    WHERE (b.listed_on IS NULL OR b.listed_on <= p.as_of) AND (b.expires_on IS NULL OR b.expires_on > p.as_of)
),
named AS (
    SELECT record_key, 'record' AS kind, record_key AS value FROM customer_links
    UNION ALL
    SELECT record_key, 'email', email_key FROM contact_versions WHERE email_key IS NOT NULL
    UNION ALL
    SELECT record_key, 'phone', phone FROM (SELECT record_key, UNNEST(phones) AS phone FROM contact_versions)
    UNION ALL
    SELECT record_key, 'nik', nik FROM contact_versions WHERE nik IS NOT NULL
    UNION ALL
    SELECT record_key, 'national_id', national_id FROM contact_versions WHERE national_id IS NOT NULL
    UNION ALL
    SELECT record_key, 'member_id', member_id FROM contact_versions WHERE member_id IS NOT NULL
)
SELECT DISTINCT e.entry_no, n.record_key
FROM entries AS e
INNER JOIN named AS n ON n.kind = e.kind AND n.value = e.value
