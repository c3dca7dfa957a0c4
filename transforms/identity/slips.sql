-- One row per two texts: how many letters must change to make one of the other. Key: pair_no.
SELECT pair_no, levenshtein(a, b) AS slips
FROM value_pairs
