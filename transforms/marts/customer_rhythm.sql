-- One row per customer with a purchase day at as_of: where the customer stands against the own rhythm.
-- Key: customer_id.
-- Typical gap: the own gaps averaged with two gaps of the population (mean of the repeaters' mean gaps; 30 days
-- when nobody repeats), at least 7 days.
-- new: a single purchase day no longer ago than the population gap (at least 30 days); active: silent for up to
-- 1.5 typical gaps; lapsing: up to 3; lapsed: longer.
-- Won back: active, last purchase within 60 days, and before it silent for more than 3 gaps typical until then.
WITH population AS (
    SELECT
        COALESCE(
            CAST(SUM(mean_gap_days) AS DOUBLE) / CAST(NULLIF(COUNT(mean_gap_days), 0) AS DOUBLE), CAST(30 AS DOUBLE)
        ) AS gap_days
    FROM purchase_history
),

gaps AS (
    SELECT
        h.customer_id,
        h.x,
        h.last_gap_days,
        days_between(h.last_on, p.as_of) AS days_since_last,
        CAST(o.gap_days AS DECIMAL(12, 4)) AS population_gap_days,
        CAST(GREATEST(
            7, (CAST(h.t_x_days AS DOUBLE) + 2 * o.gap_days) / NULLIF(h.x + 2, 0)
        ) AS DECIMAL(12, 4)) AS typical_gap_days,
        CAST(GREATEST(
            7, (CAST(h.t_x_days - COALESCE(h.last_gap_days, 0) AS DOUBLE) + 2 * o.gap_days) / NULLIF(GREATEST(h.x, 1) + 1, 0)
        ) AS DECIMAL(12, 4)) AS earlier_gap_days
    FROM purchase_history AS h
    CROSS JOIN population AS o
    CROSS JOIN params AS p
),

states AS (
    SELECT
        customer_id, x, last_gap_days, days_since_last, population_gap_days, typical_gap_days, earlier_gap_days,
        CASE
            WHEN x = 0 AND days_since_last <= GREATEST(population_gap_days, 30) THEN 'new'
            WHEN days_since_last <= typical_gap_days * 1.5 THEN 'active'
            WHEN days_since_last <= typical_gap_days * 3 THEN 'lapsing'
            ELSE 'lapsed'
        END AS state
    FROM gaps
)

SELECT
    customer_id,
    days_since_last,
    typical_gap_days,
    population_gap_days,
    state,
    state = 'active' AND days_since_last <= 60 AND COALESCE(last_gap_days, 0) > earlier_gap_days * 3 AS is_won_back
FROM states
