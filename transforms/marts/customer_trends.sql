-- One row per customer with a purchase day at as_of: the last 180 days beside the 180 before them. Key: customer_id.
-- Repeats (purchase days after the first) and the days they could have come on leave the season out, so that a peak is
-- no decline afterwards; the 180 days before begin with the first purchase where that is later. Spend is net revenue
-- of purchase days, the season and the first day included. Orders and those given back, in whole or in part, are those
-- of 365 days, without cancelled ones.
WITH windows AS (
    SELECT p.as_of, add_days(p.as_of, -180) AS halfway, add_days(p.as_of, -360) AS start_on
    FROM params AS p
),

spans AS (
    SELECT
        h.customer_id,
        h.first_on,
        GREATEST(h.first_on, w.start_on) AS before_from,
        LEAST(GREATEST(h.first_on, w.start_on), w.halfway) AS before_from_at_most,
        w.halfway,
        w.as_of
    FROM purchase_history AS h
    CROSS JOIN windows AS w
),

exposures AS (
    SELECT
        s.customer_id,
        days_between(s.before_from_at_most, s.halfway) - (m.season_days - f.season_days) AS days_before,
        180 - (n.season_days - m.season_days) AS days_recent
    FROM spans AS s
    INNER JOIN season_clock AS f ON s.before_from_at_most = f.date
    INNER JOIN season_clock AS m ON s.halfway = m.date
    INNER JOIN season_clock AS n ON s.as_of = n.date
),

bought AS (
    SELECT
        d.customer_id,
        COUNT(*) FILTER (
            WHERE d.ordered_on <= s.halfway AND d.ordered_on > s.first_on AND NOT c.is_season
        ) AS repeats_before,
        COUNT(*) FILTER (
            WHERE d.ordered_on > s.halfway AND d.ordered_on > s.first_on AND NOT c.is_season
        ) AS repeats_recent,
        COUNT(*) FILTER (WHERE d.ordered_on <= s.halfway) AS count_before,
        COUNT(*) FILTER (WHERE d.ordered_on > s.halfway) AS count_recent,
        SUM(CASE WHEN d.ordered_on <= s.halfway THEN d.net_revenue ELSE 0 END) AS spend_before,
        SUM(CASE WHEN d.ordered_on > s.halfway THEN d.net_revenue ELSE 0 END) AS spend_recent
    FROM order_days AS d
    INNER JOIN spans AS s ON d.customer_id = s.customer_id AND d.ordered_on >= s.before_from
    INNER JOIN season_clock AS c ON d.ordered_on = c.date
    WHERE d.is_purchase
    GROUP BY d.customer_id
),

given_back AS (
    SELECT
        o.customer_id,
        COUNT(*) AS count_orders,
        COUNT(*) FILTER (WHERE o.status IN ('returned', 'part_returned')) AS count_given_back
    FROM orders AS o
    CROSS JOIN params AS p
    WHERE o.customer_id IS NOT NULL AND o.status <> 'cancelled' AND o.ordered_on > add_days(p.as_of, -365)
    GROUP BY o.customer_id
)

SELECT
    e.customer_id,
    e.days_before,
    e.days_recent,
    CAST(COALESCE(b.repeats_before, 0) AS INTEGER) AS repeats_before,
    CAST(COALESCE(b.repeats_recent, 0) AS INTEGER) AS repeats_recent,
    CAST(COALESCE(b.count_before, 0) AS INTEGER) AS count_before,
    CAST(COALESCE(b.count_recent, 0) AS INTEGER) AS count_recent,
    CAST(CAST(b.spend_before AS DOUBLE) / CAST(NULLIF(b.count_before, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS mean_spend_before,
    CAST(CAST(b.spend_recent AS DOUBLE) / CAST(NULLIF(b.count_recent, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS mean_spend_recent,
    CAST(COALESCE(g.count_orders, 0) AS INTEGER) AS count_orders,
    CAST(COALESCE(g.count_given_back, 0) AS INTEGER) AS count_given_back
FROM exposures AS e
LEFT JOIN bought AS b ON e.customer_id = b.customer_id
LEFT JOIN given_back AS g ON e.customer_id = g.customer_id
