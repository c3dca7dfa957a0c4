-- One row per customer, salesperson and day on which that salesperson dealt with the customer, not later than as_of: in
-- interactions, and where the company says so in sales. Key: customer_id, salesperson, touched_on.
WITH dealings AS (
    SELECT l.customer_id, o.salesperson, o.event_on AS touched_on
    FROM contact_outcomes AS o
    INNER JOIN customer_links AS l ON l.record_key = o.record_key
    WHERE o.salesperson IS NOT NULL AND NOT o.is_undelivered
    UNION ALL
    SELECT h.customer_id, h.salesperson, h.ordered_on AS touched_on
    FROM order_headers AS h
    CROSS JOIN contact_settings AS s
    WHERE s.is_owned_by_sale AND h.salesperson IS NOT NULL AND h.customer_id IS NOT NULL
)
SELECT d.customer_id, d.salesperson, d.touched_on, CAST(COUNT(*) AS INTEGER) AS count_dealings
FROM dealings AS d
GROUP BY d.customer_id, d.salesperson, d.touched_on
