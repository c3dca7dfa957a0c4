-- One row per customer with a purchase day at as_of: the last 180 days beside the 180 before them. Key: customer_id.
-- Repeats (purchase days after the first) and the days they could have come on leave the season out, so that a peak is
-- no decline afterwards; the 180 days before begin with the first purchase where that is later. Spend is net revenue
-- of purchase days, the season and the first day included. order_days_ counts days with any order. Orders and those
-- given back, in whole or in part, are those of 365 days, without cancelled ones.
WITH windows AS (
    SELECT
        p.as_of,
        m.date AS halfway,
        s.date AS start_on,
        s.season_days AS start_season_days,
        m.season_days AS halfway_season_days,
        n.season_days AS season_days
    FROM params AS p
    INNER JOIN season_clock AS n ON p.as_of = n.date
    INNER JOIN season_clock AS m ON add_days(p.as_of, -180) = m.date
    INNER JOIN season_clock AS s ON add_days(p.as_of, -360) = s.date
),

bought AS (
    SELECT
        d.customer_id,
        COUNT(*) FILTER (WHERE d.ordered_on <= w.halfway AND d.ordered_on >= w.start_on) AS order_days_before,
        COUNT(*) FILTER (WHERE d.ordered_on > w.halfway) AS order_days_recent,
        COUNT(*) FILTER (
            WHERE d.is_purchase AND NOT c.is_season AND d.ordered_on <= w.halfway AND d.ordered_on >= w.start_on
        ) AS regular_before,
        COUNT(*) FILTER (WHERE d.is_purchase AND NOT c.is_season AND d.ordered_on > w.halfway) AS regular_recent,
        COUNT(*) FILTER (
            WHERE d.is_purchase AND d.ordered_on <= w.halfway AND d.ordered_on >= w.start_on
        ) AS count_before,
        COUNT(*) FILTER (WHERE d.is_purchase AND d.ordered_on > w.halfway) AS count_recent,
        SUM(d.net_revenue) FILTER (
            WHERE d.is_purchase AND d.ordered_on <= w.halfway AND d.ordered_on >= w.start_on
        ) AS spend_before,
        SUM(d.net_revenue) FILTER (WHERE d.is_purchase AND d.ordered_on > w.halfway) AS spend_recent,
        SUM(d.count_orders) AS count_orders,
        SUM(d.count_given_back) AS count_given_back
    FROM order_days AS d
    INNER JOIN season_clock AS c ON d.ordered_on = c.date
    CROSS JOIN windows AS w
    WHERE d.ordered_on > add_days(w.as_of, -365)
    GROUP BY d.customer_id
)

SELECT
    s.customer_id,
    GREATEST(days_between(GREATEST(s.first_on, w.start_on), w.halfway), 0)
    - GREATEST(w.halfway_season_days - GREATEST(s.first_season_days, w.start_season_days), 0) AS days_before,
    180 - (w.season_days - w.halfway_season_days) AS days_recent,
    CAST(
        COALESCE(b.regular_before, 0)
        - CASE WHEN NOT s.is_first_in_season AND s.first_on >= w.start_on AND s.first_on <= w.halfway THEN 1 ELSE 0 END
        AS INTEGER
    ) AS repeats_before,
    CAST(
        COALESCE(b.regular_recent, 0) - CASE WHEN NOT s.is_first_in_season AND s.first_on > w.halfway THEN 1 ELSE 0 END
        AS INTEGER
    ) AS repeats_recent,
    CAST(COALESCE(b.order_days_before, 0) AS INTEGER) AS order_days_before,
    CAST(COALESCE(b.order_days_recent, 0) AS INTEGER) AS order_days_recent,
    CAST(COALESCE(b.count_before, 0) AS INTEGER) AS count_before,
    CAST(COALESCE(b.count_recent, 0) AS INTEGER) AS count_recent,
    CAST(
        CAST(COALESCE(b.spend_before, 0) AS DOUBLE) / CAST(NULLIF(b.count_before, 0) AS DOUBLE) AS DECIMAL(18, 2)
    ) AS mean_spend_before,
    CAST(
        CAST(COALESCE(b.spend_recent, 0) AS DOUBLE) / CAST(NULLIF(b.count_recent, 0) AS DOUBLE) AS DECIMAL(18, 2)
    ) AS mean_spend_recent,
    CAST(COALESCE(b.count_orders, 0) AS INTEGER) AS count_orders,
    CAST(COALESCE(b.count_given_back, 0) AS INTEGER) AS count_given_back
FROM season_history AS s
CROSS JOIN windows AS w
LEFT JOIN bought AS b ON s.customer_id = b.customer_id
