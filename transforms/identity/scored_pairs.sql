-- One row per compared pair: the weight of the evidence that both are one person. Key: record_a, record_b.
-- weight = log2 of the odds "one person" against "one household" or "unrelated" (Fellegi and Sunter 1969, with a
-- third class); 0 is even odds. `term_bits` is what rarity of the shared values adds. `evidence` leaves the prior
-- out and is bounded, so that no single pair decides over a whole cluster.
WITH weighed AS (
    SELECT
        c.record_a,
        c.record_b,
        c.pattern,
        w.is_vetoed,
        w.prior_bits,
        w.match_nats,
        w.household_nats,
        w.unrelated_nats,
        CASE w.name_level
            WHEN 9 THEN a.name_term
            WHEN 7 THEN a.name_term
            WHEN 8 THEN least(a.name_term, b.name_term)
            WHEN 6 THEN least(a.given_term, b.given_term)
            WHEN 5 THEN least(a.given_term, b.given_term)
            WHEN 4 THEN CASE WHEN c.is_same_given THEN a.given_term ELSE 0 END
            WHEN 3 THEN CASE WHEN c.is_same_given THEN a.given_term ELSE 0 END
            WHEN 2 THEN least(a.family_term, b.family_term)
            ELSE 0
        END
        + CASE w.birth_level WHEN 5 THEN a.birth_term ELSE 0 END
        + CASE w.place_level WHEN 4 THEN a.postcode_term WHEN 3 THEN a.city_term ELSE 0 END
        + CASE w.occupation_level WHEN 1 THEN a.occupation_term ELSE 0 END AS term_nats
    FROM pairs_to_score AS c
    INNER JOIN pattern_weights AS w ON w.pattern = c.pattern
    INNER JOIN term_weights AS a ON a.record_no = c.record_a
    INNER JOIN term_weights AS b ON b.record_no = c.record_b
),
summed AS (
    SELECT
        record_a,
        record_b,
        pattern,
        is_vetoed,
        prior_bits,
        term_nats,
        (
            match_nats - greatest(household_nats, unrelated_nats - term_nats)
            - ln(1 + exp(-abs(household_nats - unrelated_nats + term_nats)))
        ) * 1.4426950408889634 AS bits
    FROM weighed
)
SELECT
    s.record_a,
    s.record_b,
    s.pattern,
    s.is_vetoed,
    CAST(ROUND(s.term_nats * 1.4426950408889634, 4) AS DECIMAL(9, 4)) AS term_bits,
    CAST(ROUND(least(greatest(s.bits, -60), 60), 4) AS DECIMAL(9, 4)) AS weight,
    CAST(ROUND(least(greatest(s.bits + s.prior_bits, -12), 12), 4) AS DECIMAL(9, 4)) AS evidence
FROM summed AS s
