-- One row per distinct name: its words and the keys they are compared by. Key: name_key.
-- `given` passes over words that open very many names and are often left out (Muhammad, Siti, Nur ...).
WITH names AS (
    SELECT DISTINCT name_key FROM match_records WHERE name_key IS NOT NULL
),
worded AS (
    SELECT
        name_key,
        string_split(name_key, ' ') AS words,
        string_split(name_key_old(name_key), ' ') AS words_old
    FROM names
),
chosen AS (
    SELECT
        name_key,
        words,
        words_old,
        CAST(array_length(words) AS INTEGER) AS count_words,
        CASE
            WHEN
                array_length(words) > 1
                AND words[1] IN ('muhammad', 'ahmad', 'siti', 'nur', 'abdul', 'i', 'ni', 'm', 'h', 'st')
                THEN 2
            ELSE 1
        END AS given_at
    FROM worded
)
SELECT
    name_key,
    count_words,
    word_bits(words) AS word_bits,
    words[given_at] AS given,
    words[count_words] AS family,
    word_code(words_old[given_at]) AS given_code,
    word_code(words_old[count_words]) AS family_code,
    same_words_hash(words_old) AS words_hash
FROM chosen
