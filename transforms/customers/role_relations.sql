-- One row per source row that names one customer in a role beside another. Key: channel, file_seq, line, mapping,
-- customer_id.
-- The other is whoever the same row names without a role: as a contact, or by the customer number of an order, a
-- delivery or an interaction.
SELECT DISTINCT
    n.channel,
    n.file_seq,
    n.line,
    n.mapping,
    n.customer_id,
    o.customer_id AS related_customer_id,
    n.role AS relationship,
    n.event_on
FROM role_namers AS n
INNER JOIN customer_links AS o ON o.record_key = n.related_key AND o.customer_id <> n.customer_id
