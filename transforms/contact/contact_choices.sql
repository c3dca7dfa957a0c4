-- One row per customer and purpose that some channel of contact is allowed for: the preferred one. Key: customer_id,
-- purpose.
SELECT c.customer_id, c.purpose, c.contact_channel
FROM contactability AS c
INNER JOIN contact_channels AS w ON w.contact_channel = c.contact_channel
WHERE c.is_allowed
QUALIFY ROW_NUMBER() OVER (PARTITION BY c.customer_id, c.purpose ORDER BY w.position) = 1
