-- One row per row of a list (list_members) whom contactability allows for its purpose and channel of contact, with the
-- name and the address of that channel alone. Key: customer_id, item.
SELECT
    m.customer_id,
    m.item,
    m.position,
    p.full_name,
    c.contact_channel,
    a.address,
    c.contact_from,
    c.contact_until,
    c.language
FROM list_members AS m
INNER JOIN contactability AS c
    ON c.customer_id = m.customer_id AND c.purpose = lower(trim(m.purpose))
    AND c.contact_channel = m.contact_channel AND c.is_allowed
INNER JOIN contact_addresses AS a ON a.customer_id = m.customer_id AND a.contact_channel = m.contact_channel
INNER JOIN customer_profile AS p ON p.customer_id = m.customer_id
