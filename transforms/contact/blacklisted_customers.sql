-- One row per blacklisted customer and channel of contact, with the day it ends (9999-12-31: never). Key: customer_id,
-- contact_channel.
SELECT b.customer_id, w.contact_channel, MAX(COALESCE(b.expires_on, DATE '9999-12-31')) AS ends_on
FROM blacklist AS b
INNER JOIN contact_channels AS w ON b.contact_channel IN (w.contact_channel, 'any')
GROUP BY b.customer_id, w.contact_channel
