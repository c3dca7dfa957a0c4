-- One row per day with a repeat purchase of who first bought by the cut-off. Key: days_after_cut.
-- Up to the end of the hold-out; 0 is the cut-off, days before it are negative. Sampled as holdout_cells.
WITH purchase_days AS (
    SELECT
        d.customer_id,
        d.ordered_on,
        c.cutoff,
        add_days(c.cutoff, c.horizon_days) AS horizon_end,
        MIN(d.ordered_on) OVER (PARTITION BY d.customer_id) AS first_on
    FROM order_days AS d
    CROSS JOIN holdout AS c
    WHERE d.is_purchase AND d.customer_id % NULLIF(c.sample_step, 0) = 0
)

SELECT
    days_between(cutoff, ordered_on) AS days_after_cut,
    CAST(COUNT(*) AS BIGINT) AS repeats
FROM purchase_days
WHERE first_on <= cutoff AND ordered_on > first_on AND ordered_on <= horizon_end
GROUP BY days_between(cutoff, ordered_on)
