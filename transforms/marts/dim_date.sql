-- One row per day from the first event (or the start of history, or as_of) to one year after as_of. Key: date.
-- days_to_lebaran counts to the nearest Idulfitri, negative after it (lebaran.csv); NULL outside the years
-- listed there.
WITH first_event AS (
    SELECT MIN(event_on) AS event_on
    FROM visible_order_lines
),

span AS (
    SELECT
        GREATEST(
            LEAST(COALESCE(e.event_on, p.as_of), COALESCE(p.history_start, e.event_on, p.as_of)),
            add_days(p.as_of, -99000)
        ) AS first_day,
        add_days(p.as_of, 365) AS last_day
    FROM params AS p
    CROSS JOIN first_event AS e
),

digits AS (
    SELECT digit
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS numbers (digit)
),

offsets AS (
    SELECT a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit + 10000 * e.digit AS days
    FROM digits AS a
    CROSS JOIN digits AS b
    CROSS JOIN digits AS c
    CROSS JOIN digits AS d
    CROSS JOIN digits AS e
),

calendar AS (
    SELECT
        add_days(s.first_day, o.days) AS date,
        (days_between(CAST('1970-01-05' AS DATE), add_days(s.first_day, o.days)) % 7 + 7) % 7 AS days_after_monday
    FROM span AS s
    INNER JOIN offsets AS o ON o.days <= days_between(s.first_day, s.last_day)
),

lebaran_distances AS (
    SELECT
        c.date,
        MIN(CASE WHEN l.date >= c.date THEN days_between(c.date, l.date) END) AS days_until,
        MIN(CASE WHEN l.date < c.date THEN days_between(l.date, c.date) END) AS days_after
    FROM calendar AS c
    CROSS JOIN lebaran AS l
    WHERE ABS(days_between(c.date, l.date)) <= 190
    GROUP BY c.date
),

holiday_names AS (
    SELECT date, MIN(name) AS name
    FROM holidays
    GROUP BY date
)

SELECT
    c.date,
    CAST(YEAR(c.date) AS INTEGER) AS year,
    CAST((MONTH(c.date) + 2) // 3 AS INTEGER) AS quarter,
    CAST(MONTH(c.date) AS INTEGER) AS month,
    CAST(DAY(c.date) AS INTEGER) AS day,
    month_start(c.date) AS month_start,
    add_days(c.date, -c.days_after_monday) AS week_start,
    CAST(c.days_after_monday + 1 AS INTEGER) AS weekday,
    CASE MONTH(c.date)
        WHEN 1 THEN 'January' WHEN 2 THEN 'February' WHEN 3 THEN 'March' WHEN 4 THEN 'April'
        WHEN 5 THEN 'May' WHEN 6 THEN 'June' WHEN 7 THEN 'July' WHEN 8 THEN 'August'
        WHEN 9 THEN 'September' WHEN 10 THEN 'October' WHEN 11 THEN 'November' ELSE 'December'
    END AS month_name_en,
    CASE MONTH(c.date)
        WHEN 1 THEN 'Januari' WHEN 2 THEN 'Februari' WHEN 3 THEN 'Maret' WHEN 4 THEN 'April'
        WHEN 5 THEN 'Mei' WHEN 6 THEN 'Juni' WHEN 7 THEN 'Juli' WHEN 8 THEN 'Agustus'
        WHEN 9 THEN 'September' WHEN 10 THEN 'Oktober' WHEN 11 THEN 'November' ELSE 'Desember'
    END AS month_name_id,
    c.days_after_monday >= 5 AS is_weekend,
    h.date IS NOT NULL AS is_holiday,
    h.name AS holiday_name,
    CAST(CASE
        WHEN l.days_until IS NULL OR l.days_after < l.days_until THEN -l.days_after
        ELSE l.days_until
    END AS INTEGER) AS days_to_lebaran
FROM calendar AS c
LEFT JOIN lebaran_distances AS l ON c.date = l.date
LEFT JOIN holiday_names AS h ON c.date = h.date
