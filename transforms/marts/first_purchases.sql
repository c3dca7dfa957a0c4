-- One row per customer with a net-positive order day: the first of them. Key: customer_id.
SELECT
    customer_id,
    MIN(ordered_on) AS first_on
FROM order_days
WHERE net_revenue > 0
GROUP BY customer_id
