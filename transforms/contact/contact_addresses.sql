-- One row per customer and channel of contact that reaches them, with the address. Key: customer_id, contact_channel.
-- A device that takes push messages has no address among the contacts: it is there when the customer spoke of push.
WITH known AS (
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
    SELECT DISTINCT customer_id, 'push', '' FROM customer_consents WHERE contact_channel = 'push'
)
SELECT k.customer_id, k.contact_channel, k.address
FROM known AS k
INNER JOIN contact_channels AS w ON w.contact_channel = k.contact_channel
WHERE k.address IS NOT NULL
