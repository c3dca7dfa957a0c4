-- One row per record and channel: the facts that tell people apart. Key: record_key, channel.
SELECT
    record_key,
    channel,
    CASE WHEN is_placeholder_name(name_key) THEN NULL ELSE name_key END AS name_key,
    COALESCE(is_placeholder_name(name_key), FALSE) AS is_placeholder,
    nik,
    national_id,
    member_id,
    CASE
        WHEN is_role_email(email) OR is_placeholder_email(email) THEN NULL
        WHEN split_part(email, '@', 1) = split_part(split_part(email, '@', 2), '.', 1) THEN NULL
        ELSE email
    END AS email,
    phones,
    household_key,
    COALESCE(birth_date, nik_birth_date(nik, p.as_of)) AS birth_date
FROM contact_records
CROSS JOIN params AS p
