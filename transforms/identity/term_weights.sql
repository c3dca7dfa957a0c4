-- One row per record: how much rarer than usual its values are, in nats. Key: record_no.
-- Two people agree on a frequent value by chance more often; `term_shares` lists the values seen often when the
-- model was trained, the value NULL stands for any other one. The share of an unlisted name of several words
-- is that of its words, bounded by what not being listed means.
WITH of_names AS (
    SELECT
        n.name_key,
        ln(u.chance) - ln(
            CASE
                WHEN t.share IS NOT NULL THEN t.share
                WHEN n.count_words = 1 THEN u.share
                ELSE least(
                    greatest(COALESCE(g.share, ug.share) * COALESCE(f.share, uf.share), u.share_once),
                    u.share_listed
                )
            END
        ) AS name_term,
        ln(ug.chance) - ln(COALESCE(g.share, ug.share)) AS given_term,
        ln(uf.chance) - ln(COALESCE(f.share, uf.share)) AS family_term
    FROM match_names AS n
    INNER JOIN term_kinds AS u ON u.kind = 'name'
    INNER JOIN term_kinds AS ug ON ug.kind = 'given'
    INNER JOIN term_kinds AS uf ON uf.kind = 'family'
    LEFT JOIN term_shares AS t ON t.kind = 'name' AND t.value = n.name_key
    LEFT JOIN term_shares AS g ON g.kind = 'given' AND g.value = n.given
    LEFT JOIN term_shares AS f ON f.kind = 'family' AND f.value = n.family
)
SELECT
    r.record_no,
    o.name_term,
    o.given_term,
    o.family_term,
    ln(ub.chance) - ln(COALESCE(tb.share, ub.share)) AS birth_term,
    ln(up.chance) - ln(COALESCE(tp.share, up.share)) AS postcode_term,
    ln(uc.chance) - ln(COALESCE(tc.share, uc.share)) AS city_term,
    ln(uo.chance) - ln(COALESCE(tj.share, uo.share)) AS occupation_term
FROM match_features AS r
LEFT JOIN of_names AS o ON o.name_key = r.name_key
INNER JOIN term_kinds AS ub ON ub.kind = 'birth_date'
INNER JOIN term_kinds AS up ON up.kind = 'postcode'
INNER JOIN term_kinds AS uc ON uc.kind = 'city'
INNER JOIN term_kinds AS uo ON uo.kind = 'occupation'
LEFT JOIN term_shares AS tb ON tb.kind = 'birth_date' AND tb.value = r.birth_text
LEFT JOIN term_shares AS tp ON tp.kind = 'postcode' AND tp.value = r.postcode
LEFT JOIN term_shares AS tc ON tc.kind = 'city' AND tc.value = r.city
LEFT JOIN term_shares AS tj ON tj.kind = 'occupation' AND tj.value = r.occupation
