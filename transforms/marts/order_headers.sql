-- One row per order number known at as_of: its pseudonym, day and time, customer and what its lines say.
-- Key: order_space, source_order_id.
-- The day and the time are those of its first sale (the day of its first line, if it has none). Where lines differ in
-- an attribute, the smallest value counts; where they name several customers, the one with most lines, then the
-- smallest id (contested_orders).
-- Should two order numbers share a pseudonym, the later one in the alphabet gets another.
WITH numbered_orders AS (
    SELECT
        order_space,
        source_order_id,
        keyed_int53(order_space || ':' || source_order_id) AS order_id,
        MIN(customer_id) AS customer_id,
        MIN(CASE WHEN kind NOT IN ('return', 'linked_return') THEN happened_on END) AS sold_on,
        MIN(happened_on) AS happened_on,
        MIN(CASE WHEN kind NOT IN ('return', 'linked_return') THEN happened_at END) AS ordered_at,
        MIN(channel) AS channel,
        MIN(store) AS store,
        MIN(city_code) AS city_code,
        MIN(salesperson) AS salesperson,
        MIN(purchase_method) AS purchase_method,
        MIN(payment_method) AS payment_method
    FROM signed_order_lines
    GROUP BY order_space, source_order_id
),

placed_orders AS (
    SELECT
        order_space, source_order_id, order_id, customer_id, sold_on, happened_on, ordered_at, channel, store,
        city_code, salesperson, purchase_method, payment_method,
        ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY order_space, source_order_id) AS place
    FROM numbered_orders
)

SELECT
    o.order_space,
    o.source_order_id,
    CASE
        WHEN o.place = 1 THEN o.order_id
        ELSE keyed_int53(o.order_space || ':' || o.source_order_id || ':' || CAST(o.place AS VARCHAR))
    END AS order_id,
    COALESCE(c.customer_id, o.customer_id) AS customer_id,
    COALESCE(o.sold_on, o.happened_on) AS ordered_on,
    o.ordered_at,
    o.channel,
    o.store,
    o.city_code,
    o.salesperson,
    o.purchase_method,
    o.payment_method
FROM placed_orders AS o
LEFT JOIN contested_orders AS c ON o.order_space = c.order_space AND o.source_order_id = c.source_order_id
