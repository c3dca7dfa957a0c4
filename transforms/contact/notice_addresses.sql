-- One row per customer whom a written notice reaches, at the first channel of contact in the company's order.
-- Key: customer_id.
-- A notice that the law demands needs no consent, and who is blacklisted as a person gets it as well; an address the
-- blacklist names, or a single channel of contact it closes, does not reach anybody.
SELECT a.customer_id, a.contact_channel, a.address
FROM contact_addresses AS a
INNER JOIN contact_channels AS w ON w.contact_channel = a.contact_channel
LEFT JOIN blacklist AS b
    ON b.customer_id = a.customer_id
    AND (
        b.contact_channel = a.contact_channel
        OR b.kind = a.contact_channel
        OR (b.kind = 'phone' AND a.contact_channel IN ('whatsapp', 'sms'))
    )
WHERE a.contact_channel IN ('email', 'whatsapp', 'sms', 'mail', 'social') AND b.customer_id IS NULL
QUALIFY ROW_NUMBER() OVER (PARTITION BY a.customer_id ORDER BY w.position) = 1
