-- One row per e-mail address at which the last thing that happened is that mail came back. Key: address.
WITH mailboxes AS (
    SELECT DISTINCT record_key, email AS address FROM contact_versions WHERE email IS NOT NULL
),
told AS (
    SELECT m.address, o.event_at, o.seq, o.is_undelivered
    FROM contact_outcomes AS o
    INNER JOIN mailboxes AS m ON m.record_key = o.record_key
    WHERE o.contact_channel = 'email' AND NOT o.is_passing AND (o.is_undelivered OR NOT o.is_outbound)
)
SELECT address
FROM told
QUALIFY ROW_NUMBER() OVER (PARTITION BY address ORDER BY event_at DESC, is_undelivered DESC, seq DESC) = 1
    AND is_undelivered
