-- One row per place that customers shows, NULL for none: its customers with a purchase. Key: own_city_code.
SELECT c.city_code AS own_city_code, COUNT(*) AS people
FROM purchase_history AS h
LEFT JOIN customers AS c ON h.customer_id = c.customer_id
GROUP BY c.city_code
