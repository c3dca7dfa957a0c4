-- One row per customer who bought within 60 days of as_of and before: the gap that ended then. Key: customer_id.
-- Its days within the season and outside it, and in which of the two the purchase that ended it falls (1 or 0).
WITH lately AS (
    SELECT h.customer_id, h.last_on
    FROM purchase_history AS h
    CROSS JOIN params AS p
    WHERE h.x > 0 AND h.last_on >= add_days(p.as_of, -60)
),

gaps AS (
    SELECT d.customer_id, t.last_on, MAX(d.ordered_on) AS previous_on
    FROM order_days AS d
    INNER JOIN lately AS t ON d.customer_id = t.customer_id
    WHERE d.is_purchase AND d.ordered_on < t.last_on
    GROUP BY d.customer_id, t.last_on
)

SELECT
    g.customer_id,
    l.season_days - b.season_days AS season_gap_days,
    days_between(g.previous_on, g.last_on) - (l.season_days - b.season_days) AS rest_gap_days,
    CASE WHEN l.is_season THEN 1 ELSE 0 END AS season_x,
    CASE WHEN l.is_season THEN 0 ELSE 1 END AS rest_x
FROM gaps AS g
INNER JOIN season_clock AS l ON g.last_on = l.date
INNER JOIN season_clock AS b ON g.previous_on = b.date
