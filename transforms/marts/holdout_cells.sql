-- One row per distinct history up to the cut-off and what came in the horizon after it. Key: all but n.
-- y counts purchase days in the horizon, y_year_before those in the same days a year earlier, next_days the days
-- to the first one (NULL when none came).
WITH histories AS (
    SELECT
        customer_id,
        cutoff,
        MIN(ordered_on) AS first_on,
        MAX(CASE WHEN ordered_on <= cutoff THEN ordered_on END) AS last_on,
        MIN(CASE WHEN ordered_on > cutoff AND ordered_on <= horizon_end THEN ordered_on END) AS next_on,
        CAST(SUM(CASE WHEN ordered_on <= cutoff THEN 1 ELSE 0 END) AS INTEGER) AS count_before,
        CAST(SUM(CASE WHEN ordered_on > cutoff AND ordered_on <= horizon_end THEN 1 ELSE 0 END) AS INTEGER) AS y,
        CAST(
            SUM(
                CASE
                    WHEN
                        ordered_on > add_days(cutoff, -365) AND ordered_on <= add_days(horizon_end, -365)
                        AND ordered_on <= cutoff THEN 1
                    ELSE 0
                END
            ) AS INTEGER
        ) AS y_year_before
    FROM holdout_days
    GROUP BY customer_id, cutoff
),

measured AS (
    SELECT
        CAST(count_before - 1 AS INTEGER) AS x,
        days_between(first_on, last_on) AS t_x_days,
        days_between(first_on, cutoff) AS T_days,
        y,
        y_year_before,
        days_between(cutoff, next_on) AS next_days
    FROM histories
    WHERE first_on <= cutoff
)

SELECT
    x,
    t_x_days,
    T_days,
    y,
    y_year_before,
    next_days,
    CAST(COUNT(*) AS BIGINT) AS n
FROM measured
GROUP BY x, t_x_days, T_days, y, y_year_before, next_days
