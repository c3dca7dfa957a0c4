-- One row per distinct history up to the cut-off and purchase days after it. Key: x, t_x_days, T_days, y.
WITH purchase_days AS (
    SELECT d.customer_id, d.ordered_on, c.cutoff
    FROM order_days AS d
    CROSS JOIN holdout AS c
    WHERE d.is_purchase
),

histories AS (
    SELECT
        customer_id,
        cutoff,
        MIN(ordered_on) AS first_on,
        MAX(CASE WHEN ordered_on <= cutoff THEN ordered_on END) AS last_on,
        CAST(SUM(CASE WHEN ordered_on <= cutoff THEN 1 ELSE 0 END) AS INTEGER) AS count_before,
        CAST(SUM(CASE WHEN ordered_on > cutoff THEN 1 ELSE 0 END) AS INTEGER) AS y
    FROM purchase_days
    GROUP BY customer_id, cutoff
)

SELECT
    CAST(count_before - 1 AS INTEGER) AS x,
    days_between(first_on, last_on) AS t_x_days,
    days_between(first_on, cutoff) AS T_days,
    y,
    CAST(COUNT(*) AS BIGINT) AS n
FROM histories
WHERE first_on <= cutoff
GROUP BY count_before, days_between(first_on, last_on), days_between(first_on, cutoff), y
