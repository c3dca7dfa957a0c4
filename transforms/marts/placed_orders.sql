-- One row per order: what its header says, and its place as far as its customer may be told by it. Key: order_id.
-- A sale made in or delivered to the customer's own city says no more of that than customers does; folded_sale_places
-- pools what is left.
SELECT
    h.order_id,
    h.customer_id,
    h.ordered_on,
    h.channel,
    h.store,
    CASE WHEN h.city_code = t.own_city_code THEN g.city_code ELSE h.city_code END AS city_code,
    h.salesperson,
    h.purchase_method,
    h.payment_method
FROM order_headers AS h
LEFT JOIN customer_traits AS t ON h.customer_id = t.customer_id
LEFT JOIN customer_groups AS g ON h.customer_id = g.customer_id
