-- One row per period whose sales are looked at, with the one before it. Key: period, starts_on.
-- The year up to as_of beside the year before it; each month from that of the window's first day beside the month
-- before it, up to the same day of the month while the month is still running.
WITH months AS (
    SELECT DISTINCT d.month_start AS starts_on
    FROM dim_date AS d
    INNER JOIN as_of_dates AS w ON w.role = 'current'
    WHERE d.date <= w.as_of AND d.month_start >= month_start(w.window_start)
),

month_ends AS (
    SELECT
        starts_on,
        add_days(month_start(add_days(starts_on, 31)), -1) AS last_on,
        month_start(add_days(starts_on, -1)) AS previous_starts_on
    FROM months
)

SELECT
    'month' AS period,
    m.starts_on,
    LEAST(m.last_on, p.as_of) AS ends_on,
    m.last_on <= p.as_of AS is_complete,
    m.previous_starts_on,
    CASE
        WHEN m.last_on <= p.as_of THEN add_days(m.starts_on, -1)
        ELSE LEAST(add_days(m.starts_on, -1), add_days(m.previous_starts_on, days_between(m.starts_on, p.as_of)))
    END AS previous_ends_on
FROM month_ends AS m
CROSS JOIN params AS p
UNION ALL
SELECT
    'year' AS period,
    add_days(p.as_of, -364) AS starts_on,
    p.as_of AS ends_on,
    TRUE AS is_complete,
    add_days(p.as_of, -729) AS previous_starts_on,
    add_days(p.as_of, -365) AS previous_ends_on
FROM params AS p
