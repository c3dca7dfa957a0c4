-- One row per record that says who somebody is: everything two records are compared by. Key: record_no.
WITH of_many AS (
    SELECT DISTINCT p.record_no
    FROM (SELECT record_no, UNNEST(phones) AS phone FROM match_records) AS p
    INNER JOIN hot_identifiers AS h ON h.kind = 'phone' AND h.value = p.phone
),
own AS (
    SELECT
        r.record_no,
        CASE WHEN h.value IS NULL THEN r.email END AS email,
        CASE WHEN m.record_no IS NULL THEN r.phones END AS phones
    FROM match_records AS r
    LEFT JOIN hot_identifiers AS h ON h.kind = 'email' AND h.value = r.email
    LEFT JOIN of_many AS m ON m.record_no = r.record_no
)
SELECT
    r.record_no,
    r.name_key,
    n.words,
    n.count_words,
    n.given,
    n.family,
    n.given_code,
    n.family_code,
    n.words_hash,
    CAST(year(r.birth_date) AS INTEGER) AS birth_year,
    CAST(month(r.birth_date) AS INTEGER) AS birth_month,
    CAST(day(r.birth_date) AS INTEGER) AS birth_day,
    CAST(CAST(r.birth_date AS VARCHAR) AS VARCHAR) AS birth_text,
    o.phones,
    o.phones[1] AS phone,
    o.email,
    split_part(o.email, '@', 1) AS email_name,
    regexp_replace(o.email, '[^0-9]+', '', 'g') AS email_digits,
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
INNER JOIN own AS o ON o.record_no = r.record_no
LEFT JOIN match_names AS n ON n.name_key = r.name_key
WHERE NOT r.is_placeholder
