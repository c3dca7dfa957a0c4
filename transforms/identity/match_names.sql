-- One row per distinct name: its words and the keys they are compared by. Key: name_key.
-- `given` passes over words that open very many names and are often left out: Muhammad, Siti, Nur ..., and what
-- says which child of a Balinese family somebody is (Wayan is the first, Ketut the fourth).
-- `words_hash` is equal for the same words in any order, old spelling mapped. Words recur: each is coded once.
WITH names AS (
    SELECT DISTINCT name_key FROM match_records WHERE name_key IS NOT NULL
),
split AS (
    SELECT name_key, UNNEST(string_split(name_key, ' ')) AS word FROM names
),
distinct_words AS (
    SELECT word, name_key_old(word) AS word_old FROM (SELECT DISTINCT word FROM split) AS s
),
words AS (
    SELECT
        word,
        word_code(word_old) AS code,
        word_bit(word) AS bit,
        word_hash(word_old) AS hash
    FROM distinct_words
),
summed AS (
    SELECT
        s.name_key,
        CAST(COUNT(*) AS INTEGER) AS count_words,
        BIT_OR(w.bit) AS word_bits,
        CAST(SUM(w.hash) AS BIGINT) AS words_hash
    FROM split AS s
    INNER JOIN words AS w ON w.word = s.word
    GROUP BY s.name_key
),
chosen AS (
    SELECT
        name_key,
        count_words,
        word_bits,
        words_hash,
        telling_word(name_key) AS given,
        split_part(name_key, ' ', -1) AS family
    FROM summed
)
SELECT
    c.name_key,
    c.count_words,
    c.word_bits,
    c.given,
    c.family,
    g.code AS given_code,
    f.code AS family_code,
    c.words_hash
FROM chosen AS c
INNER JOIN words AS g ON g.word = c.given
INNER JOIN words AS f ON f.word = c.family
