-- One row per statement on consent and each purpose and channel of contact it speaks of. Key: record_key, channel,
-- stated_at, purpose, contact_channel, said_of.
SELECT
    c.record_key,
    c.channel,
    c.purpose || '/' || c.contact_channel AS said_of,
    p.purpose,
    w.contact_channel,
    c.stated_on,
    c.stated_at,
    c.standing,
    c.is_granted
FROM ordered_consents AS c
INNER JOIN contact_purposes AS p ON c.purpose IN (p.purpose, 'any')
INNER JOIN contact_channels AS w ON c.contact_channel IN (w.contact_channel, 'any')
