-- One row per customer and channel of contact that reaches them, with the address. Key: customer_id, contact_channel.
-- A push message goes to a registration in the app: to the newest one that agreed to it, else to the newest that spoke
-- of push itself.
WITH devices AS (
    SELECT l.customer_id, regexp_replace(c.record_key, '^[^:]*:', '') AS address
    FROM consent_scopes AS c
    INNER JOIN customer_links AS l ON l.record_key = c.record_key
    WHERE c.contact_channel = 'push' AND ends_with(c.said_of, '/push')
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY l.customer_id
        ORDER BY c.is_granted DESC, c.stated_on DESC, c.standing DESC, c.record_key, c.channel, c.stated_at, c.said_of
    ) = 1
),

known AS (
    SELECT customer_id, 'email' AS contact_channel, email AS address
    FROM customer_profile
    WHERE NOT is_placeholder_email(email) AND email NOT IN (SELECT d.address FROM dead_mailboxes AS d)
    UNION ALL
    SELECT customer_id, 'whatsapp', COALESCE(whatsapp, phone) FROM customer_profile
    UNION ALL
    SELECT customer_id, 'sms', phone FROM customer_profile
    UNION ALL
    SELECT customer_id, 'phone', COALESCE(phone, landline) FROM customer_profile
    UNION ALL
    SELECT customer_id, 'mail', address FROM customer_profile
    UNION ALL
    SELECT customer_id, 'social', social_handle FROM customer_profile
    UNION ALL
    SELECT customer_id, 'push', address FROM devices
)
SELECT k.customer_id, k.contact_channel, k.address
FROM known AS k
INNER JOIN contact_channels AS w ON w.contact_channel = k.contact_channel
WHERE k.address IS NOT NULL
