-- One row per record that says who somebody is: everything two records are proposed and compared by. Key: record_no.
WITH of_many AS (
    SELECT DISTINCT p.record_no
    FROM (SELECT record_no, UNNEST(phones) AS phone FROM match_records) AS p
    INNER JOIN hot_identifiers AS h ON h.kind = 'phone' AND h.value = p.phone
),
hot_emails AS (
    SELECT value FROM hot_identifiers WHERE kind = 'email'
),
own AS (
    SELECT
        r.record_no,
        r.name_key,
        r.birth_date,
        CASE WHEN m.record_no IS NULL THEN r.phones END AS phones,
        CASE WHEN h.value IS NULL THEN r.email END AS email,
        r.nik,
        r.national_id,
        r.member_id,
        r.address_key,
        r.postcode,
        r.city,
        r.sex,
        r.occupation,
        r.social_handle,
        r.household_key,
        r.first_on,
        r.last_on
    FROM match_records AS r
    LEFT JOIN hot_emails AS h ON h.value = r.email
    LEFT JOIN of_many AS m ON m.record_no = r.record_no
    WHERE NOT r.is_placeholder
)
SELECT
    r.record_no,
    r.name_key,
    n.given,
    n.family,
    n.given_code,
    n.family_code,
    n.count_words,
    n.word_bits,
    n.words_hash,
    CAST(r.birth_date AS VARCHAR) AS birth_text,
    r.phones,
    r.phones[1] AS phone,
    r.email,
    r.nik,
    r.national_id,
    r.member_id,
    r.address_key,
    r.postcode,
    r.city,
    r.sex,
    r.occupation,
    r.social_handle,
    r.household_key,
    r.first_on,
    r.last_on
FROM own AS r
LEFT JOIN match_names AS n ON n.name_key = r.name_key
