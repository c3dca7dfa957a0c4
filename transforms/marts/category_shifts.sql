-- One row per customer who buys on but has turned away from a category: the one whose share fell most.
-- Key: customer_id.
-- The share of a category is that of purchase days that include it: in the last 180 days against the 180 before.
-- A fall counts when chance would hardly bring it (1.96 standard errors of the two shares), from at least three days
-- with the category before and three purchase days since.
WITH candidates AS (
    SELECT customer_id
    FROM customer_trends
    WHERE order_days_before >= 3 AND order_days_recent >= 3
),

category_days AS (
    SELECT
        l.customer_id,
        l.category,
        l.ordered_on,
        l.ordered_on > add_days(p.as_of, -180) AS is_recent
    FROM order_lines AS l
    INNER JOIN candidates AS c ON l.customer_id = c.customer_id
    CROSS JOIN params AS p
    WHERE l.category IS NOT NULL AND l.net_revenue > 0
        AND l.ordered_on > add_days(p.as_of, -360)
    GROUP BY l.customer_id, l.category, l.ordered_on, l.ordered_on > add_days(p.as_of, -180)
),

all_days AS (
    SELECT
        d.customer_id,
        COUNT(DISTINCT CASE WHEN NOT d.is_recent THEN d.ordered_on END) AS count_before,
        COUNT(DISTINCT CASE WHEN d.is_recent THEN d.ordered_on END) AS count_recent
    FROM category_days AS d
    GROUP BY d.customer_id
),

counted AS (
    SELECT
        c.customer_id,
        c.category,
        COUNT(*) FILTER (WHERE NOT c.is_recent) AS days_before,
        COUNT(*) FILTER (WHERE c.is_recent) AS days_recent,
        MAX(c.ordered_on) AS last_on
    FROM category_days AS c
    GROUP BY c.customer_id, c.category
),

shares AS (
    SELECT
        c.customer_id,
        c.category,
        c.days_before,
        c.days_recent,
        c.last_on,
        a.count_before,
        a.count_recent,
        CAST(c.days_before AS DOUBLE) / CAST(NULLIF(a.count_before, 0) AS DOUBLE) AS share_before,
        CAST(c.days_recent AS DOUBLE) / CAST(NULLIF(a.count_recent, 0) AS DOUBLE) AS share_recent,
        CAST(c.days_before + c.days_recent AS DOUBLE)
        / CAST(NULLIF(a.count_before + a.count_recent, 0) AS DOUBLE) AS share,
        CAST(1 AS DOUBLE) / CAST(NULLIF(a.count_before, 0) AS DOUBLE)
        + CAST(1 AS DOUBLE) / CAST(NULLIF(a.count_recent, 0) AS DOUBLE) AS spread
    FROM counted AS c
    INNER JOIN all_days AS a ON c.customer_id = a.customer_id
    WHERE c.days_before >= 3 AND a.count_recent >= 3
)

SELECT
    s.customer_id,
    s.category,
    CAST(s.days_before AS INTEGER) AS days_before,
    CAST(s.days_recent AS INTEGER) AS days_recent,
    CAST(s.count_before AS INTEGER) AS count_before,
    CAST(s.count_recent AS INTEGER) AS count_recent,
    CAST(s.share_before AS DECIMAL(7, 6)) AS share_before,
    CAST(s.share_recent AS DECIMAL(7, 6)) AS share_recent,
    days_between(s.last_on, p.as_of) AS days_without
FROM shares AS s
CROSS JOIN params AS p
WHERE s.share_before - s.share_recent > 1.96 * SQRT(s.share * (1 - s.share) * s.spread)
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY s.customer_id
    ORDER BY CAST(s.share_recent - s.share_before AS DECIMAL(7, 6)), s.days_before DESC, s.category
) = 1
