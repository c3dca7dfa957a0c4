-- One row per as_of, period, breakdown and item (within a city) sold in the period or in the one before. Key: as_of,
-- period, starts_on, breakdown, item, within.
-- Ranks are the smallest of ties and leave out (none) and (other). Shares are of what was sold before returns. The
-- change is absent when nothing was earned in the period before.
-- Cities stand in the year alone: by month, few would have customers enough. Of their customers, cancelled and returned
-- orders included, there are five or none; those of completed orders are not counted where they are fewer.
WITH compared AS (
    SELECT
        s.period,
        s.starts_on,
        d.breakdown,
        d.item,
        d.within,
        d.ordered_on >= s.starts_on AS is_now,
        d.quantity, d.net_revenue, d.margin, d.sold, d.given_back, d.sold_anonymously, d.count_orders
    FROM product_sale_days AS d
    INNER JOIN sale_periods AS s
        ON (d.ordered_on >= s.starts_on AND d.ordered_on <= s.ends_on)
        OR (d.ordered_on >= s.previous_starts_on AND d.ordered_on <= s.previous_ends_on)
    INNER JOIN product_breakdowns AS b ON d.breakdown = b.breakdown AND (s.period = 'year' OR NOT b.is_by_place)
),

summed AS (
    SELECT
        period,
        starts_on,
        breakdown,
        item,
        within,
        CAST(COALESCE(SUM(quantity) FILTER (WHERE is_now), 0) AS DECIMAL(18, 4)) AS quantity,
        CAST(COALESCE(SUM(net_revenue) FILTER (WHERE is_now), 0) AS DECIMAL(18, 2)) AS net_revenue,
        CAST(COALESCE(SUM(margin) FILTER (WHERE is_now), 0) AS DECIMAL(18, 2)) AS margin,
        CAST(COALESCE(SUM(count_orders) FILTER (WHERE is_now), 0) AS BIGINT) AS count_orders,
        SUM(sold) FILTER (WHERE is_now) AS sold,
        SUM(given_back) FILTER (WHERE is_now) AS given_back,
        SUM(sold_anonymously) FILTER (WHERE is_now) AS sold_anonymously,
        CAST(COALESCE(SUM(quantity) FILTER (WHERE NOT is_now), 0) AS DECIMAL(18, 4)) AS previous_quantity,
        CAST(COALESCE(SUM(net_revenue) FILTER (WHERE NOT is_now), 0) AS DECIMAL(18, 2)) AS previous_net_revenue
    FROM compared
    GROUP BY period, starts_on, breakdown, item, within
),

ranked AS (
    SELECT
        period,
        starts_on,
        breakdown,
        item,
        within,
        RANK() OVER (PARTITION BY period, starts_on, breakdown, within ORDER BY quantity DESC) AS rank_by_quantity,
        RANK() OVER (PARTITION BY period, starts_on, breakdown, within ORDER BY quantity) AS rank_from_last_by_quantity,
        RANK() OVER (PARTITION BY period, starts_on, breakdown, within ORDER BY net_revenue DESC) AS rank_by_revenue,
        RANK() OVER (PARTITION BY period, starts_on, breakdown, within ORDER BY net_revenue) AS rank_from_last_by_revenue
    FROM summed
    WHERE item NOT IN ('(none)', '(other)')
)

SELECT
    p.as_of,
    s.period,
    s.starts_on,
    w.ends_on,
    w.is_complete,
    s.breakdown,
    s.item,
    s.within,
    s.quantity,
    s.net_revenue,
    s.margin,
    s.count_orders,
    CASE
        WHEN NOT n.is_by_place OR b.count_customers >= 5 THEN COALESCE(b.count_customers, 0)
        WHEN b.count_customers IS NULL THEN 0
    END AS count_customers,
    CAST(CAST(s.sold_anonymously AS DOUBLE) / CAST(NULLIF(s.sold, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS anonymous_share,
    CAST(CAST(s.given_back AS DOUBLE) / CAST(NULLIF(s.sold, 0) AS DOUBLE) AS DECIMAL(18, 6)) AS returned_share,
    CAST(r.rank_by_quantity AS INTEGER) AS rank_by_quantity,
    CAST(r.rank_from_last_by_quantity AS INTEGER) AS rank_from_last_by_quantity,
    CAST(r.rank_by_revenue AS INTEGER) AS rank_by_revenue,
    CAST(r.rank_from_last_by_revenue AS INTEGER) AS rank_from_last_by_revenue,
    s.previous_quantity,
    s.previous_net_revenue,
    CASE
        WHEN s.previous_net_revenue > 0 THEN CAST(
            CAST(s.net_revenue - s.previous_net_revenue AS DOUBLE) / CAST(NULLIF(s.previous_net_revenue, 0) AS DOUBLE)
            AS DECIMAL(18, 6)
        )
    END AS change
FROM summed AS s
INNER JOIN sale_periods AS w ON s.period = w.period AND s.starts_on = w.starts_on
INNER JOIN product_breakdowns AS n ON s.breakdown = n.breakdown
CROSS JOIN params AS p
LEFT JOIN ranked AS r
    ON s.period = r.period AND s.starts_on = r.starts_on AND s.breakdown = r.breakdown AND s.item = r.item
    AND s.within = r.within
LEFT JOIN product_buyers AS b
    ON s.period = b.period AND s.starts_on = b.starts_on AND s.breakdown = b.breakdown AND s.item = b.item
    AND s.within = b.within
