-- One row per pair to compare: how far each field agrees, as small levels. Key: record_a, record_b.
-- -1 says that a side is silent, 0 that the two differ; what the other levels say stands in comparisons.py.
-- A city that begins with a digit is an official code: two codes are alike or not.
-- `pattern` holds all levels in one number, four bits each, in the order of the columns.
WITH sides AS (
    SELECT
        p.record_a,
        p.record_b,
        COALESCE(a.given = b.given, FALSE) AS is_same_given,
        CASE
            WHEN a.name_key IS NULL OR b.name_key IS NULL THEN -1
            WHEN a.name_key = b.name_key THEN CASE WHEN a.count_words > 1 THEN 9 ELSE 7 END
            WHEN a.words_hash = b.words_hash THEN 8
            WHEN
                a.count_words = b.count_words AND a.count_words > 1
                AND abs(length(a.name_key) - length(b.name_key)) <= 2
                AND least(length(a.name_key), length(b.name_key)) > 6
                AND levenshtein(a.name_key, b.name_key)
                <= CASE WHEN length(a.name_key) + length(b.name_key) >= 28 THEN 2 ELSE 1 END
                THEN 8
            WHEN
                a.count_words < b.count_words AND (a.word_bits & b.word_bits) = a.word_bits
                AND holds_all(string_split(b.name_key, ' '), string_split(a.name_key, ' '))
                OR b.count_words < a.count_words AND (a.word_bits & b.word_bits) = b.word_bits
                AND holds_all(string_split(a.name_key, ' '), string_split(b.name_key, ' '))
                THEN CASE WHEN least(a.count_words, b.count_words) > 1 THEN 6 ELSE 5 END
            WHEN
                (length(a.given) = 1 OR length(b.given) = 1) AND left(a.given, 1) = left(b.given, 1)
                AND (length(a.family) = 1 OR length(b.family) = 1) AND left(a.family, 1) = left(b.family, 1)
                AND shares_any(string_split(a.name_key, ' '), string_split(b.name_key, ' '))
                THEN 4
            WHEN
                a.given = b.given
                OR a.given_code = b.given_code AND least(length(a.given), length(b.given)) >= 4
                AND levenshtein(a.given, b.given) <= 2
                OR least(length(a.given), length(b.given)) >= 5
                AND abs(length(a.given) - length(b.given)) <= 1 AND levenshtein(a.given, b.given) <= 1
                THEN CASE
                    WHEN
                        a.family = b.family
                        OR left(a.family, 1) = left(b.family, 1)
                        AND (length(a.family) = 1 OR length(b.family) = 1)
                        OR least(length(a.family), length(b.family)) >= 4
                        AND abs(length(a.family) - length(b.family)) <= 2
                        AND levenshtein(a.family, b.family) <= 2
                        THEN 4
                    ELSE 3
                END
            WHEN
                a.family = b.family
                OR least(length(a.family), length(b.family)) >= 5
                AND abs(length(a.family) - length(b.family)) <= 1 AND levenshtein(a.family, b.family) <= 1
                THEN CASE
                    WHEN
                        (length(a.given) = 1 OR length(b.given) = 1) AND left(a.given, 1) = left(b.given, 1)
                        THEN 4
                    ELSE 2
                END
            WHEN
                (a.word_bits & b.word_bits) <> 0
                AND shares_any(string_split(a.name_key, ' '), string_split(b.name_key, ' '))
                THEN 1
            ELSE 0
        END AS name_level,
        CASE
            WHEN a.birth_text IS NULL OR b.birth_text IS NULL THEN -1
            WHEN a.birth_text = b.birth_text THEN 5
            WHEN
                a.birth_year = b.birth_year AND a.birth_month = b.birth_day AND a.birth_day = b.birth_month
                THEN 4
            WHEN levenshtein(a.birth_text, b.birth_text) <= 1 THEN 4
            WHEN
                a.birth_year = b.birth_year AND (a.birth_month = b.birth_month OR a.birth_day = b.birth_day)
                OR a.birth_month = b.birth_month AND a.birth_day = b.birth_day
                THEN 3
            WHEN levenshtein(a.birth_text, b.birth_text) <= 2 THEN 3
            WHEN a.birth_year = b.birth_year THEN 2
            WHEN abs(a.birth_year - b.birth_year) <= 10 THEN 1
            ELSE 0
        END AS birth_level,
        CASE
            WHEN a.phone IS NULL OR b.phone IS NULL THEN -1
            WHEN a.phone = b.phone OR a.count_phones + b.count_phones > 2 AND shares_any(a.phones, b.phones)
                THEN CASE
                    WHEN
                        days_between(a.last_on, b.first_on) <= 365 AND days_between(b.last_on, a.first_on) <= 365
                        THEN 3
                    ELSE 2
                END
            WHEN length(a.phone) = length(b.phone) AND levenshtein(a.phone, b.phone) <= 2 THEN 1
            ELSE 0
        END AS phone_level,
        CASE
            WHEN a.email IS NULL OR b.email IS NULL THEN -1
            WHEN a.email = b.email THEN 3
            WHEN a.email_name = b.email_name AND length(a.email_name) >= 6 THEN 2
            WHEN
                abs(length(a.email) - length(b.email)) <= 2 AND levenshtein(a.email, b.email) <= 2
                AND regexp_replace(a.email, '[^0-9]+', '', 'g') = regexp_replace(b.email, '[^0-9]+', '', 'g')
                THEN 1
            ELSE 0
        END AS email_level,
        CASE
            WHEN a.nik = b.nik OR a.national_id = b.national_id OR a.member_id = b.member_id THEN 3
            WHEN a.nik IS NOT NULL AND b.nik IS NOT NULL
                THEN CASE WHEN levenshtein(a.nik, b.nik) <= 2 THEN 2 ELSE 0 END
            WHEN a.national_id IS NOT NULL AND b.national_id IS NOT NULL
                THEN CASE
                    WHEN
                        levenshtein(a.national_id, b.national_id)
                        <= CASE WHEN length(a.national_id) > 8 THEN 2 ELSE 1 END
                        THEN 2
                    ELSE 0
                END
            WHEN a.member_id IS NOT NULL AND b.member_id IS NOT NULL THEN 1
            ELSE -1
        END AS identity_level,
        CASE
            WHEN a.address_key = b.address_key THEN 6
            WHEN
                COALESCE(a.postcode = b.postcode OR a.city = b.city, TRUE)
                AND abs(length(a.address_key) - length(b.address_key)) * 4
                <= greatest(length(a.address_key), length(b.address_key))
                AND levenshtein(a.address_key, b.address_key) * 4
                <= greatest(length(a.address_key), length(b.address_key))
                THEN 5
            WHEN a.postcode = b.postcode THEN 4
            WHEN a.city = b.city THEN 3
            WHEN length(a.postcode) = length(b.postcode) AND levenshtein(a.postcode, b.postcode) <= 1 THEN 2
            WHEN
                least(a.city, b.city) >= 'a' AND least(length(a.city), length(b.city)) >= 4 AND abs(length(a.city) - length(b.city)) <= 2
                AND levenshtein(a.city, b.city) <= 2
                THEN 1
            WHEN
                (a.address_key IS NULL OR b.address_key IS NULL) AND (a.postcode IS NULL OR b.postcode IS NULL)
                AND (a.city IS NULL OR b.city IS NULL)
                THEN -1
            ELSE 0
        END AS place_level,
        CASE WHEN a.sex IS NULL OR b.sex IS NULL THEN -1 WHEN a.sex = b.sex THEN 1 ELSE 0 END AS sex_level,
        CASE
            WHEN a.occupation IS NULL OR b.occupation IS NULL THEN -1
            WHEN a.occupation = b.occupation THEN 1
            ELSE 0
        END AS occupation_level,
        CASE
            WHEN a.social_handle IS NULL OR b.social_handle IS NULL THEN -1
            WHEN a.social_handle = b.social_handle THEN 1
            ELSE 0
        END AS handle_level,
        CASE
            WHEN a.household_key IS NULL OR b.household_key IS NULL THEN -1
            WHEN a.household_key = b.household_key THEN 1
            ELSE 0
        END AS household_level
    FROM pairs_to_compare AS p
    INNER JOIN match_features AS a ON a.record_no = p.record_a
    INNER JOIN match_features AS b ON b.record_no = p.record_b
)
SELECT
    record_a,
    record_b,
    is_same_given,
    CAST(
        name_level + 1 + (birth_level + 1) * 16 + (phone_level + 1) * 256 + (email_level + 1) * 4096
        + (identity_level + 1) * 65536 + (place_level + 1) * 1048576 + (sex_level + 1) * 16777216
        + (occupation_level + 1) * 268435456 AS BIGINT
    )
    + CAST(handle_level + 1 AS BIGINT) * 4294967296 + CAST(household_level + 1 AS BIGINT) * 68719476736
        AS pattern
FROM sides
