-- One row per order number whose lines name several customers, with the one it goes to. Key: order_space,
-- source_order_id.
-- The customer with most lines, then the smallest id.
WITH several_customers AS (
    SELECT order_space, source_order_id
    FROM signed_order_lines
    WHERE customer_id IS NOT NULL
    GROUP BY order_space, source_order_id
    HAVING MIN(customer_id) <> MAX(customer_id)
),

lines_by_customer AS (
    SELECT l.order_space, l.source_order_id, l.customer_id, COUNT(*) AS count_lines
    FROM signed_order_lines AS l
    INNER JOIN several_customers AS s ON l.order_space = s.order_space AND l.source_order_id = s.source_order_id
    WHERE l.customer_id IS NOT NULL
    GROUP BY l.order_space, l.source_order_id, l.customer_id
)

SELECT order_space, source_order_id, customer_id
FROM lines_by_customer
QUALIFY ROW_NUMBER() OVER (PARTITION BY order_space, source_order_id ORDER BY count_lines DESC, customer_id) = 1
