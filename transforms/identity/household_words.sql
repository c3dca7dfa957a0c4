-- One row per customer cluster that shares a phone or an e-mail, and word of its names. Key: cluster_no, word.
-- The last of several words may be a family name.
WITH people AS (
    SELECT DISTINCT cluster_no FROM household_contacts
),
names AS (
    SELECT DISTINCT p.cluster_no, f.name_key
    FROM people AS p
    INNER JOIN clusters AS c ON c.cluster_no = p.cluster_no
    INNER JOIN contact_facts AS f ON f.record_key = c.record_key
    WHERE f.name_key IS NOT NULL
),
words AS (
    SELECT cluster_no, UNNEST(string_split(name_key, ' ')) AS word, FALSE AS is_last FROM names
    UNION ALL
    SELECT cluster_no, split_part(name_key, ' ', -1), TRUE FROM names WHERE contains(name_key, ' ')
)
SELECT cluster_no, word, BOOL_OR(is_last) AS is_last
FROM words
WHERE length(word) > 2
GROUP BY cluster_no, word
