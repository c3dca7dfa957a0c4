-- One row per customer with a purchase day at as_of. Key: customer_id.
-- What a purchase day is stands in order_days; x counts those after the first (the repeats), count_season_days those
-- within the season. Revenue and margin are those of the purchase days, mean_ per day, mean_repeat_ per repeat. Gaps lie
-- between consecutive purchase days. Gaps and repeat means are NULL for a single day.
WITH histories AS (
    SELECT
        d.customer_id,
        MIN(d.ordered_on) AS first_on,
        MAX(d.ordered_on) AS last_on,
        CAST(COUNT(*) AS INTEGER) AS count_order_days,
        CAST(COUNT(*) FILTER (WHERE c.is_season) AS INTEGER) AS count_season_days,
        CAST(SUM(d.net_revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(d.margin) AS DECIMAL(18, 2)) AS margin,
        CAST(SUM(d.margin) - MIN_BY(d.margin, d.ordered_on) AS DECIMAL(18, 2)) AS repeat_margin
    FROM order_days AS d
    INNER JOIN season_clock AS c ON d.ordered_on = c.date
    WHERE d.is_purchase
    GROUP BY d.customer_id
)

SELECT
    h.customer_id,
    h.first_on,
    h.last_on,
    h.count_order_days,
    h.count_season_days,
    CAST(h.count_order_days - 1 AS INTEGER) AS x,
    days_between(h.first_on, h.last_on) AS t_x_days,
    days_between(h.first_on, p.as_of) AS T_days,
    h.revenue,
    h.margin,
    CAST(CAST(h.revenue AS DOUBLE) / CAST(NULLIF(h.count_order_days, 0) AS DOUBLE) AS DECIMAL(18, 4)) AS mean_revenue,
    CAST(CAST(h.margin AS DOUBLE) / CAST(NULLIF(h.count_order_days, 0) AS DOUBLE) AS DECIMAL(18, 4)) AS mean_margin,
    CAST(
        CAST(h.repeat_margin AS DOUBLE) / CAST(NULLIF(h.count_order_days - 1, 0) AS DOUBLE) AS DECIMAL(18, 4)
    ) AS mean_repeat_margin,
    CAST(
        CAST(days_between(h.first_on, h.last_on) AS DOUBLE) / CAST(NULLIF(h.count_order_days - 1, 0) AS DOUBLE) AS DECIMAL(18, 4)
    ) AS mean_gap_days
FROM histories AS h
CROSS JOIN params AS p
