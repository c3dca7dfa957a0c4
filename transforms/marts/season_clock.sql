-- One row per day with an order of a known customer, as_of, and 180 and 360 days before it: how many days of the season
-- (seasons) there were up to it. Key: date.
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
)

SELECT
    d.date,
    CAST(COALESCE(SUM(days_between(s.first_day, LEAST(d.date, s.last_day)) + 1), 0) AS INTEGER) AS season_days,
    COALESCE(MAX(s.last_day) >= d.date, FALSE) AS is_season
FROM days AS d
LEFT JOIN seasons AS s ON s.first_day <= d.date
GROUP BY d.date
