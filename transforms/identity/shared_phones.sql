-- One row per two records' phones: whether they have one in common. Key: pair_no.
SELECT pair_no, shares_any(a, b) AS is_shared
FROM value_pairs
