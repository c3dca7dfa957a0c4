-- One row per customer with a purchase day at as_of: repeats, days and silence within the season and outside it.
-- Key: customer_id.
-- x and t_x_days split into those of the season and those of the rest of the year; so is the silence since the last
-- purchase (silent_) and the last gap before it (last_gap_, 0 for a single purchase day). is_season_only: bought in
-- several seasons and never outside one.
WITH repeats AS (
    SELECT
        d.customer_id,
        COUNT(*) FILTER (WHERE c.is_season) AS count_season,
        MAX(CASE WHEN d.ordered_on = h.last_on AND c.is_season THEN 1 ELSE 0 END) AS last_in_season
    FROM order_days AS d
    INNER JOIN purchase_history AS h ON d.customer_id = h.customer_id
    INNER JOIN season_clock AS c ON d.ordered_on = c.date
    WHERE d.is_purchase AND d.ordered_on > h.first_on
    GROUP BY d.customer_id
),

split AS (
    SELECT
        h.customer_id,
        h.x,
        h.t_x_days,
        COALESCE(h.last_gap_days, 0) AS last_gap_days,
        days_between(h.last_on, p.as_of) AS silent_days,
        CAST(COALESCE(r.count_season, 0) AS INTEGER) AS season_x,
        COALESCE(r.last_in_season, 0) AS season_last_x,
        f.is_season AS is_first_in_season,
        l.season_days - f.season_days AS season_t_x_days,
        CASE WHEN h.x = 0 THEN 0 ELSE l.season_days - b.season_days END AS season_last_gap_days,
        n.season_days - l.season_days AS season_silent_days
    FROM purchase_history AS h
    CROSS JOIN params AS p
    INNER JOIN season_clock AS f ON h.first_on = f.date
    INNER JOIN season_clock AS l ON h.last_on = l.date
    INNER JOIN season_clock AS b ON add_days(h.last_on, -COALESCE(h.last_gap_days, 0)) = b.date
    INNER JOIN season_clock AS n ON p.as_of = n.date
    LEFT JOIN repeats AS r ON h.customer_id = r.customer_id
)

SELECT
    customer_id,
    season_x,
    CAST(x - season_x AS INTEGER) AS rest_x,
    season_last_x,
    CAST(CASE WHEN x = 0 THEN 0 ELSE 1 - season_last_x END AS INTEGER) AS rest_last_x,
    season_t_x_days,
    t_x_days - season_t_x_days AS rest_t_x_days,
    season_last_gap_days,
    last_gap_days - season_last_gap_days AS rest_last_gap_days,
    season_silent_days,
    silent_days - season_silent_days AS rest_silent_days,
    is_first_in_season AND season_x = x AND season_t_x_days < t_x_days AS is_season_only
FROM split
