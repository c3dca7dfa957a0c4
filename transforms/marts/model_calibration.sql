-- One row per as_of, breakdown and group of customers of the hold-out. Key: as_of, breakdown, group_no.
-- Means per customer; those of fewer than five are not shown.
SELECT
    p.as_of,
    f.model,
    f.cutoff,
    f.horizon_days,
    f.breakdown,
    f.group_no,
    CAST(f.customers AS BIGINT) AS customers,
    CASE
        WHEN f.customers >= 5 THEN CAST(f.purchases_said / CAST(NULLIF(f.customers, 0) AS DOUBLE) AS DECIMAL(18, 4))
    END AS purchases_foretold,
    CASE
        WHEN f.customers >= 5 THEN CAST(f.purchases_seen / CAST(NULLIF(f.customers, 0) AS DOUBLE) AS DECIMAL(18, 4))
    END AS purchases_seen,
    CASE
        WHEN f.customers >= 5 THEN CAST(f.buyers_said / CAST(NULLIF(f.customers, 0) AS DOUBLE) AS DECIMAL(7, 6))
    END AS probability_foretold,
    CASE
        WHEN f.customers >= 5 THEN CAST(f.buyers_seen / CAST(NULLIF(f.customers, 0) AS DOUBLE) AS DECIMAL(7, 6))
    END AS share_bought
FROM foretold_groups AS f
CROSS JOIN params AS p
