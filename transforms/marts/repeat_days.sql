-- One row per day with a repeat purchase of who first bought by the cut-off. Key: days_after_cut.
-- Up to the end of the hold-out; 0 is the cut-off, days before it are negative. Sampled as holdout_days.
WITH purchase_days AS (
    SELECT
        ordered_on,
        cutoff,
        horizon_end,
        MIN(ordered_on) OVER (PARTITION BY customer_id) AS first_on
    FROM holdout_days
)

SELECT
    days_between(cutoff, ordered_on) AS days_after_cut,
    CAST(COUNT(*) AS BIGINT) AS repeats
FROM purchase_days
WHERE first_on <= cutoff AND ordered_on > first_on AND ordered_on <= horizon_end
GROUP BY days_between(cutoff, ordered_on)
