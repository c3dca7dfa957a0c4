-- One row per customer, purpose and channel of contact with a statement: the newest one. Key: customer_id, purpose,
-- contact_channel.
SELECT l.customer_id, c.purpose, c.contact_channel, c.stated_on, c.standing, c.is_granted
FROM consent_scopes AS c
INNER JOIN customer_links AS l ON l.record_key = c.record_key
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY l.customer_id, c.purpose, c.contact_channel
    ORDER BY c.stated_on DESC, c.standing DESC, c.is_granted, c.record_key, c.channel, c.stated_at, c.said_of
) = 1
