-- One row per city of sale as product_sales shows it (NULL: none) and category: its customers in the year. Key: city_code,
-- category.
SELECT f.shown_city_code AS city_code, s.category, COUNT(DISTINCT s.customer_id) AS people
FROM sold_places AS s
INNER JOIN folded_sold_places AS f ON s.city_code IS NOT DISTINCT FROM f.city_code
WHERE s.span = 'year'
GROUP BY f.shown_city_code, s.category
