-- One row per customer and channel of contact whose cap is reached, with the day on which enough contacts are
-- forgotten. Key: customer_id, contact_channel.
WITH full_customers AS (
    SELECT c.customer_id, c.forgotten_on
    FROM recent_contacts AS c
    CROSS JOIN contact_settings AS s
    WHERE c.position = s.max_contacts
),
full_channels AS (
    SELECT c.customer_id, c.contact_channel, c.forgotten_on
    FROM recent_contacts AS c
    CROSS JOIN contact_settings AS s
    LEFT JOIN contact_preferences AS w ON w.customer_id = c.customer_id AND w.contact_channel = c.contact_channel
    WHERE c.channel_position = LEAST(s.max_per_channel, COALESCE(w.max_per_month, s.max_per_channel))
),
pressed AS (
    SELECT f.customer_id, w.contact_channel, f.forgotten_on
    FROM full_customers AS f
    CROSS JOIN contact_channels AS w
    UNION ALL
    SELECT customer_id, contact_channel, forgotten_on FROM full_channels
)
SELECT customer_id, contact_channel, MAX(forgotten_on) AS ends_on
FROM pressed
GROUP BY customer_id, contact_channel
