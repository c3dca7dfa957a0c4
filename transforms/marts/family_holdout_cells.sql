-- One row per product family, distinct history up to the cut-off and purchase days after it. Key: product_family, x,
-- t_x_days, T_days, y.
WITH histories AS (
    SELECT
        d.customer_id,
        d.product_family,
        c.cutoff,
        MIN(d.ordered_on) AS first_on,
        MAX(CASE WHEN d.ordered_on <= c.cutoff THEN d.ordered_on END) AS last_on,
        CAST(SUM(CASE WHEN d.ordered_on <= c.cutoff THEN 1 ELSE 0 END) AS INTEGER) AS count_before,
        CAST(SUM(CASE WHEN d.ordered_on > c.cutoff THEN 1 ELSE 0 END) AS INTEGER) AS y
    FROM family_days AS d
    CROSS JOIN family_holdout AS c
    GROUP BY d.customer_id, d.product_family, c.cutoff
)

SELECT
    product_family,
    CAST(count_before - 1 AS INTEGER) AS x,
    days_between(first_on, last_on) AS t_x_days,
    days_between(first_on, cutoff) AS T_days,
    y,
    CAST(COUNT(*) AS BIGINT) AS n
FROM histories
WHERE first_on <= cutoff
GROUP BY product_family, count_before, days_between(first_on, last_on), days_between(first_on, cutoff), y
