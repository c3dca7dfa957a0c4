-- One row per as_of and week of the history and of the hold-out. Key: as_of, week_end.
-- Weeks in which fewer than five customers had begun are left out; what came in them is in the sums since.
WITH weeks AS (
    SELECT
        model,
        cutoff,
        add_days(cutoff, CAST(end_day AS INTEGER)) AS week_end,
        end_day > 0 AS is_holdout,
        CAST(customers AS BIGINT) AS customers,
        said,
        seen,
        LAG(said) OVER (PARTITION BY cutoff ORDER BY end_day) AS said_before,
        LAG(seen) OVER (PARTITION BY cutoff ORDER BY end_day) AS seen_before
    FROM foretold_weeks
)

SELECT
    p.as_of,
    w.model,
    w.cutoff,
    w.week_end,
    w.is_holdout,
    w.customers,
    CAST(w.said - COALESCE(w.said_before, 0) AS DECIMAL(18, 2)) AS purchases_foretold,
    CAST(w.seen - COALESCE(w.seen_before, 0) AS BIGINT) AS purchases_seen,
    CAST(w.said AS DECIMAL(18, 2)) AS cumulative_foretold,
    CAST(w.seen AS BIGINT) AS cumulative_seen
FROM weeks AS w
CROSS JOIN params AS p
WHERE w.customers >= 5
