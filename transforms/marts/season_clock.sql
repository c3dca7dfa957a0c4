-- One row per day with an order of a known customer, as_of, and 180 and 360 days before it: how many days of the season
-- there were up to it. Key: date.
-- The season is Ramadan, the 30 days up to the eve of Idulfitri, in the years of lebaran.csv. A company without a season
-- (value_settings) has no such days.
WITH days AS (
    SELECT DISTINCT ordered_on AS date
    FROM order_days
    UNION
    SELECT as_of AS date
    FROM params
    UNION
    SELECT add_days(as_of, -180) AS date
    FROM params
    UNION
    SELECT add_days(as_of, -360) AS date
    FROM params
),

seasons AS (
    SELECT add_days(l.date, -30) AS first_day
    FROM lebaran AS l
    INNER JOIN value_settings AS v ON v.has_season
)

SELECT
    d.date,
    CAST(COALESCE(SUM(LEAST(days_between(s.first_day, d.date) + 1, 30)), 0) AS INTEGER) AS season_days,
    COALESCE(MIN(days_between(s.first_day, d.date)), 30) < 30 AS is_season
FROM days AS d
LEFT JOIN seasons AS s ON s.first_day <= d.date
GROUP BY d.date
