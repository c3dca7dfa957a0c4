-- One row per customer with a purchase day at as_of. Key: customer_id.
-- What a purchase day is stands in order_days; x counts those after the first (the repeats). Revenue and margin
-- are those of the purchase days, mean_ per day, mean_repeat_ per repeat. Gaps lie between consecutive purchase
-- days. Gaps and repeat means are NULL for a single day.
WITH purchase_days AS (
    SELECT
        customer_id,
        ordered_on,
        net_revenue,
        margin,
        days_between(LAG(ordered_on) OVER (PARTITION BY customer_id ORDER BY ordered_on), ordered_on) AS gap_days,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY ordered_on DESC) AS place_from_last
    FROM order_days
    WHERE is_purchase
),

histories AS (
    SELECT
        customer_id,
        MIN(ordered_on) AS first_on,
        MAX(ordered_on) AS last_on,
        CAST(COUNT(*) AS INTEGER) AS count_order_days,
        CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin,
        CAST(SUM(CASE WHEN gap_days IS NOT NULL THEN margin ELSE 0 END) AS DECIMAL(18, 2)) AS repeat_margin,
        CAST(MAX(CASE WHEN place_from_last = 1 THEN gap_days END) AS INTEGER) AS last_gap_days,
        CAST(MAX(gap_days) AS INTEGER) AS largest_gap_days
    FROM purchase_days
    GROUP BY customer_id
)

SELECT
    h.customer_id,
    h.first_on,
    h.last_on,
    h.count_order_days,
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
    h.last_gap_days,
    CAST(
        CAST(days_between(h.first_on, h.last_on) AS DOUBLE) / CAST(NULLIF(h.count_order_days - 1, 0) AS DOUBLE) AS DECIMAL(18, 4)
    ) AS mean_gap_days,
    h.largest_gap_days
FROM histories AS h
CROSS JOIN params AS p
