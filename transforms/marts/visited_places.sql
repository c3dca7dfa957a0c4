-- One row per place of sale or delivery, NULL when unknown, and customer (NULL: anonymous sales). Key: city_code,
-- customer_id.
SELECT city_code, customer_id
FROM placed_orders
UNION
SELECT city_code, customer_id
FROM delivery_touches
