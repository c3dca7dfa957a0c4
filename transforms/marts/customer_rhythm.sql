-- One row per customer with a purchase day at as_of: where the customer stands against the own rhythm.
-- Key: customer_id.
-- Typical gap: the own gaps averaged with two gaps of the population (mean of the repeaters' mean gaps; 30 days
-- when nobody repeats), at least 7 days. The same for the season alone and for the rest of the year alone
-- (season_history), where the population's gap is shorter or longer as repeats come faster or slower then.
-- silent_gaps: the silence in typical gaps, counted over the whole year, or with days of the season and other days by
-- gaps of their own, whichever is less: a peak that has passed makes nobody late, and no season adds to a silence.
-- For who bought in several seasons and never outside one, only days of the season count, 15 (half a season) as a gap.
-- new: a single purchase day no longer ago than the population gap (at least 30 days); active: silent for up to
-- 1.5 typical gaps; lapsing: up to 3; lapsed: longer. days_overdue counts from the end of new and active.
-- Won back: active, last purchase within 60 days, and before it silent for more than 3 gaps typical until then.
WITH population AS (
    SELECT
        COALESCE(
            CAST(SUM(mean_gap_days) AS DOUBLE) / CAST(NULLIF(COUNT(mean_gap_days), 0) AS DOUBLE), CAST(30 AS DOUBLE)
        ) AS gap_days
    FROM purchase_history
),

-- How much faster repeats come in the season, and outside it, than over the year: at most five times either way.
paces AS (
    SELECT
        GREATEST(0.2, LEAST(5, COALESCE(
            CAST(SUM(season_x) * SUM(season_t_x_days + rest_t_x_days) AS DOUBLE)
            / CAST(NULLIF(SUM(season_t_x_days) * SUM(season_x + rest_x), 0) AS DOUBLE), 1
        ))) AS season_pace,
        GREATEST(0.2, LEAST(5, COALESCE(
            CAST(SUM(rest_x) * SUM(season_t_x_days + rest_t_x_days) AS DOUBLE)
            / CAST(NULLIF(SUM(rest_t_x_days) * SUM(season_x + rest_x), 0) AS DOUBLE), 1
        ))) AS rest_pace
    FROM season_history
),

-- Two gaps of the population, as days: over the year, in the season, outside it.
priors AS (
    SELECT
        o.gap_days,
        2 * o.gap_days AS days,
        CAST(2 * o.gap_days AS DOUBLE) / NULLIF(p.season_pace, 0) AS season_days,
        CAST(2 * o.gap_days AS DOUBLE) / NULLIF(p.rest_pace, 0) AS rest_days
    FROM population AS o
    CROSS JOIN paces AS p
),

gaps AS (
    SELECT
        s.customer_id,
        s.season_x + s.rest_x AS x,
        s.season_silent_days + s.rest_silent_days AS days_since_last,
        s.season_silent_days,
        s.rest_silent_days,
        s.is_season_only,
        o.gap_days AS population_gap_days,
        GREATEST(
            7, (CAST(s.season_t_x_days + s.rest_t_x_days AS DOUBLE) + o.days) / NULLIF(s.season_x + s.rest_x + 2, 0)
        ) AS gap_days,
        GREATEST(7, (CAST(s.season_t_x_days AS DOUBLE) + o.season_days) / NULLIF(s.season_x + 2, 0)) AS season_gap_days,
        GREATEST(7, (CAST(s.rest_t_x_days AS DOUBLE) + o.rest_days) / NULLIF(s.rest_x + 2, 0)) AS rest_gap_days
    FROM season_history AS s
    CROSS JOIN priors AS o
),

-- The same as they were known at the purchase before the last.
earlier_gaps AS (
    SELECT
        s.customer_id,
        s.is_season_only,
        l.season_gap_days AS last_season_days,
        l.rest_gap_days AS last_rest_days,
        GREATEST(
            7,
            (CAST(s.season_t_x_days + s.rest_t_x_days - l.season_gap_days - l.rest_gap_days AS DOUBLE) + o.days)
            / NULLIF(s.season_x + s.rest_x + 1, 0)
        ) AS gap_days,
        GREATEST(
            7,
            (CAST(s.season_t_x_days - l.season_gap_days AS DOUBLE) + o.season_days)
            / NULLIF(s.season_x - l.season_x + 2, 0)
        ) AS season_gap_days,
        GREATEST(
            7,
            (CAST(s.rest_t_x_days - l.rest_gap_days AS DOUBLE) + o.rest_days)
            / NULLIF(s.rest_x - l.rest_x + 2, 0)
        ) AS rest_gap_days
    FROM last_gaps AS l
    INNER JOIN season_history AS s ON l.customer_id = s.customer_id
    CROSS JOIN priors AS o
),

returned AS (
    SELECT
        customer_id,
        CAST(LEAST(
            CAST(last_season_days + last_rest_days AS DOUBLE) / NULLIF(gap_days, 0),
            CAST(last_season_days AS DOUBLE) / NULLIF(season_gap_days, 0)
            + CAST(last_rest_days AS DOUBLE) / NULLIF(rest_gap_days, 0),
            CASE WHEN is_season_only THEN CAST(last_season_days AS DOUBLE) / NULLIF(15, 0) END
        ) AS DECIMAL(12, 4)) AS last_silence_gaps
    FROM earlier_gaps
),

silences AS (
    SELECT
        customer_id,
        x,
        days_since_last,
        CAST(population_gap_days AS DECIMAL(12, 4)) AS population_gap_days,
        CAST(gap_days AS DECIMAL(12, 4)) AS typical_gap_days,
        CAST(LEAST(
            CAST(season_silent_days + rest_silent_days AS DOUBLE) / NULLIF(gap_days, 0),
            CAST(season_silent_days AS DOUBLE) / NULLIF(season_gap_days, 0)
            + CAST(rest_silent_days AS DOUBLE) / NULLIF(rest_gap_days, 0),
            CASE WHEN is_season_only THEN CAST(season_silent_days AS DOUBLE) / NULLIF(15, 0) END
        ) AS DECIMAL(12, 4)) AS silent_gaps
    FROM gaps
),

states AS (
    SELECT
        customer_id, days_since_last, typical_gap_days, population_gap_days, silent_gaps,
        CASE
            WHEN x = 0 AND days_since_last <= GREATEST(population_gap_days, 30) THEN 'new'
            WHEN silent_gaps <= 1.5 THEN 'active'
            WHEN silent_gaps <= 3 THEN 'lapsing'
            ELSE 'lapsed'
        END AS state,
        CASE
            WHEN x = 0 THEN LEAST(
                (silent_gaps - 1.5) * typical_gap_days, days_since_last - GREATEST(population_gap_days, 30)
            )
            ELSE (silent_gaps - 1.5) * typical_gap_days
        END AS overdue
    FROM silences
)

SELECT
    s.customer_id,
    s.days_since_last,
    s.typical_gap_days,
    s.population_gap_days,
    s.silent_gaps,
    CAST(CEIL(s.overdue) AS INTEGER) AS days_overdue,
    s.state,
    s.state = 'active' AND COALESCE(r.last_silence_gaps > 3, FALSE) AS is_won_back
FROM states AS s
LEFT JOIN returned AS r ON s.customer_id = r.customer_id
