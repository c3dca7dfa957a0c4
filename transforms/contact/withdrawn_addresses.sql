-- One row per purpose, channel of contact and address whose newest statement, by whatever record holds the address, is
-- a withdrawal. Key: purpose, contact_channel, address.
-- A mailbox or telephone shared by two customers is left alone when either of them said so.
WITH held AS (
    SELECT DISTINCT record_key, 'email' AS kind, email AS address FROM contact_versions WHERE email IS NOT NULL
    UNION ALL
    SELECT DISTINCT record_key, 'phone' AS kind, phone AS address
    FROM (SELECT record_key, UNNEST(phones) AS phone FROM contact_versions)
)
SELECT c.purpose, c.contact_channel, h.address, c.stated_on, c.standing
FROM consent_scopes AS c
INNER JOIN held AS h
    ON h.record_key = c.record_key
    AND (h.kind = c.contact_channel OR (h.kind = 'phone' AND c.contact_channel IN ('whatsapp', 'sms')))
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY c.purpose, c.contact_channel, h.address
    ORDER BY c.stated_on DESC, c.standing DESC, c.is_granted, c.record_key, c.channel, c.stated_at, c.said_of
) = 1 AND NOT c.is_granted
