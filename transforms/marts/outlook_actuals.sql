-- One row: revenue of known customers' purchase days after the cut, in the same days a year earlier (NULL before the
-- history) and in as many days before the cut. Key: as_of.
WITH began AS (
    SELECT MIN(ordered_on) AS first_day
    FROM order_days
    WHERE is_purchase
)

SELECT
    p.as_of,
    CAST(COALESCE(SUM(CASE WHEN d.ordered_on > c.cutoff THEN d.net_revenue END), 0) AS DECIMAL(18, 2)) AS revenue,
    CAST(CASE WHEN add_days(c.cutoff, -364) >= b.first_day THEN COALESCE(SUM(CASE
        WHEN d.ordered_on > add_days(c.cutoff, -365) AND d.ordered_on <= add_days(p.as_of, -365) THEN d.net_revenue
    END), 0) END AS DECIMAL(18, 2)) AS revenue_year_before,
    CAST(COALESCE(SUM(CASE
        WHEN d.ordered_on <= c.cutoff AND d.ordered_on > add_days(c.cutoff, -days_between(c.cutoff, p.as_of))
            THEN d.net_revenue
    END), 0) AS DECIMAL(18, 2)) AS revenue_before
FROM order_days AS d
CROSS JOIN params AS p
CROSS JOIN outlook_cut AS c
CROSS JOIN began AS b
WHERE d.is_purchase
GROUP BY p.as_of, c.cutoff, b.first_day
