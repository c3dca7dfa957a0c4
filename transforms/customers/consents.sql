-- One row per statement on consent that a record of a customer made. Key: record_key, channel, stated_at, purpose,
-- contact_channel.
SELECT
    l.customer_id,
    c.purpose,
    c.contact_channel,
    c.record_key,
    c.channel,
    c.stated_on,
    c.stated_at,
    c.is_granted,
    c.text_version,
    c.proof,
    ROW_NUMBER() OVER (
        PARTITION BY l.customer_id, c.purpose, c.contact_channel
        ORDER BY c.stated_on DESC, c.standing DESC, c.is_granted, c.record_key, c.channel, c.stated_at
    ) = 1 AS is_in_force
FROM ordered_consents AS c
INNER JOIN customer_links AS l ON l.record_key = c.record_key
