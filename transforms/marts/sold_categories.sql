-- One row per customer (NULL: anonymous), city of sale as product_sales shows it, category told apart by place (NULL: the
-- others) and year whose sales are looked at. Key: span, city_code, category, customer_id.
SELECT DISTINCT s.span, f.shown_city_code AS city_code, c.category, s.customer_id
FROM sold_places AS s
INNER JOIN folded_sold_places AS f ON s.city_code IS NOT DISTINCT FROM f.city_code
LEFT JOIN categories_by_place AS c ON s.category = c.category
