-- One row per province that customers shows, NULL for none: its customers who bought in the window. Key: own_region.
SELECT left(c.city_code, 2) AS own_region, COUNT(DISTINCT l.customer_id) AS people
FROM order_lines AS l
INNER JOIN as_of_dates AS w
    ON w.role = 'current' AND l.ordered_on >= w.window_start AND l.ordered_on <= w.as_of
LEFT JOIN customers AS c ON l.customer_id = c.customer_id
WHERE l.customer_id IS NOT NULL
GROUP BY left(c.city_code, 2)
