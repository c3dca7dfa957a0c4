-- One row per customer with a purchase day up to the cut (outlook_cut): history in days, revenue of the first purchase day
-- and of the others. Key: customer_id.
WITH purchase_days AS (
    SELECT
        d.customer_id,
        d.ordered_on,
        d.net_revenue,
        c.cutoff,
        MIN(d.ordered_on) OVER (PARTITION BY d.customer_id) AS first_on
    FROM order_days AS d
    INNER JOIN outlook_cut AS c ON d.ordered_on <= c.cutoff
    WHERE d.is_purchase
)

SELECT
    customer_id,
    first_on,
    CAST(COUNT(*) - 1 AS INTEGER) AS x,
    days_between(first_on, MAX(ordered_on)) AS t_x_days,
    days_between(first_on, cutoff) AS T_days,
    CAST(SUM(CASE WHEN ordered_on = first_on THEN net_revenue ELSE 0 END) AS DECIMAL(18, 2)) AS first_revenue,
    CAST(SUM(CASE WHEN ordered_on > first_on THEN net_revenue ELSE 0 END) AS DECIMAL(18, 2)) AS repeat_revenue
FROM purchase_days
GROUP BY customer_id, first_on, cutoff
