-- One row: how many customers came first in the 180 days up to the cut, in how many days, and what they spent first.
-- Key: count_days.
-- The first 90 days of a history are left out where at least 90 others remain: many of its first purchases were not.
WITH began AS (
    SELECT MIN(first_on) AS first_day
    FROM outlook_histories
),

span AS (
    SELECT
        c.cutoff,
        GREATEST(
            add_days(c.cutoff, -179), b.first_day, LEAST(add_days(b.first_day, 90), add_days(c.cutoff, -89))
        ) AS start_on
    FROM outlook_cut AS c
    CROSS JOIN began AS b
    WHERE b.first_day IS NOT NULL
)

SELECT
    CAST(COUNT(h.customer_id) AS BIGINT) AS newcomers,
    days_between(s.start_on, s.cutoff) + 1 AS count_days,
    CAST(COALESCE(SUM(h.first_revenue), 0) AS DECIMAL(18, 2)) AS first_revenue
FROM span AS s
LEFT JOIN outlook_histories AS h ON h.first_on >= s.start_on
GROUP BY s.start_on, s.cutoff
