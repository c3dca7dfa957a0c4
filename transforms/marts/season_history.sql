-- One row per customer with a purchase day at as_of: repeats, days and silence within the season and outside it.
-- Key: customer_id.
-- x and t_x_days split into those of the season and those of the rest of the year; so is the silence since the last
-- purchase (silent_). first_season_days: days of the season there ever were up to the first purchase. is_season_only:
-- bought in several seasons and never outside one.
WITH split AS (
    SELECT
        h.customer_id,
        h.first_on,
        h.x,
        h.t_x_days,
        h.T_days - h.t_x_days AS silent_days,
        h.count_season_days - CASE WHEN f.is_season THEN 1 ELSE 0 END AS season_x,
        f.season_days AS first_season_days,
        f.is_season AS is_first_in_season,
        l.season_days - f.season_days AS season_t_x_days,
        n.season_days - l.season_days AS season_silent_days
    FROM purchase_history AS h
    CROSS JOIN params AS p
    INNER JOIN season_clock AS f ON h.first_on = f.date
    INNER JOIN season_clock AS l ON h.last_on = l.date
    INNER JOIN season_clock AS n ON p.as_of = n.date
)

SELECT
    customer_id,
    first_on,
    first_season_days,
    is_first_in_season,
    CAST(season_x AS INTEGER) AS season_x,
    CAST(x - season_x AS INTEGER) AS rest_x,
    season_t_x_days,
    t_x_days - season_t_x_days AS rest_t_x_days,
    season_silent_days,
    silent_days - season_silent_days AS rest_silent_days,
    is_first_in_season AND season_x = x AND season_t_x_days < t_x_days AS is_season_only
FROM split
