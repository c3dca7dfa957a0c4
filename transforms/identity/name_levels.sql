-- One row per two different names: how far they agree, as a level of comparisons.py. Key: pair_no.
SELECT
    pair_no,
    a_given = b_given AS is_same_given,
    CASE
        WHEN a_words_hash = b_words_hash THEN 8
        WHEN
            length(a_name_key) - a_count_words = length(b_name_key) - b_count_words
            AND replace(a_name_key, ' ', '') = replace(b_name_key, ' ', '')
            THEN 8
        WHEN
            a_count_words = b_count_words AND a_count_words > 1
            AND abs(length(a_name_key) - length(b_name_key)) <= 2
            AND least(length(a_name_key), length(b_name_key)) > 6
            AND levenshtein(a_name_key, b_name_key)
            <= CASE WHEN length(a_name_key) + length(b_name_key) >= 28 THEN 2 ELSE 1 END
            THEN 8
        WHEN
            a_count_words < b_count_words AND (a_word_bits & b_word_bits) = a_word_bits
            AND holds_all(string_split(b_name_key, ' '), string_split(a_name_key, ' '))
            OR b_count_words < a_count_words AND (a_word_bits & b_word_bits) = b_word_bits
            AND holds_all(string_split(a_name_key, ' '), string_split(b_name_key, ' '))
            THEN CASE WHEN least(a_count_words, b_count_words) > 1 THEN 6 ELSE 5 END
        WHEN
            (length(a_given) = 1 OR length(b_given) = 1) AND left(a_given, 1) = left(b_given, 1)
            AND (length(a_family) = 1 OR length(b_family) = 1) AND left(a_family, 1) = left(b_family, 1)
            AND shares_any(string_split(a_name_key, ' '), string_split(b_name_key, ' '))
            THEN 4
        WHEN
            a_given = b_given
            OR a_given_code = b_given_code AND least(length(a_given), length(b_given)) >= 4
            AND levenshtein(a_given, b_given) <= 2
            OR least(length(a_given), length(b_given)) >= 5
            AND abs(length(a_given) - length(b_given)) <= 1 AND levenshtein(a_given, b_given) <= 1
            THEN CASE
                WHEN
                    a_family = b_family
                    OR left(a_family, 1) = left(b_family, 1)
                    AND (length(a_family) = 1 OR length(b_family) = 1)
                    OR least(length(a_family), length(b_family)) >= 4
                    AND abs(length(a_family) - length(b_family)) <= 2
                    AND levenshtein(a_family, b_family) <= 2
                    THEN 4
                ELSE 3
            END
        WHEN
            a_family = b_family
            OR least(length(a_family), length(b_family)) >= 5
            AND abs(length(a_family) - length(b_family)) <= 1 AND levenshtein(a_family, b_family) <= 1
            THEN CASE
                WHEN
                    (length(a_given) = 1 OR length(b_given) = 1) AND left(a_given, 1) = left(b_given, 1)
                    THEN 4
                ELSE 2
            END
        WHEN
            (a_word_bits & b_word_bits) <> 0
            AND shares_any(string_split(a_name_key, ' '), string_split(b_name_key, ' '))
            THEN 1
        ELSE 0
    END AS level
FROM value_pairs
