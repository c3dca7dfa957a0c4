-- One row per source row that names one customer in a role beside another. Key: channel, file_seq, line, mapping,
-- customer_id.
-- The other is whoever the same row names without a role: as a contact, or by the customer number of an order, a
-- delivery or an interaction.
WITH named AS (
    SELECT r.channel, r.file_seq, r.line, r.record_key
    FROM contact_rows AS r
    LEFT JOIN mapping_roles AS m ON m.channel = r.channel AND m.mapping = r.mapping
    WHERE m.role IS NULL AND r.channel IN (SELECT channel FROM mapping_roles)
    UNION ALL
    SELECT channel, file_seq, line, record_key
    FROM order_line_rows
    WHERE channel IN (SELECT channel FROM mapping_roles)
    UNION ALL
    SELECT channel, file_seq, line, record_key
    FROM delivery_rows
    WHERE channel IN (SELECT channel FROM mapping_roles)
    UNION ALL
    SELECT source_channel, file_seq, line, record_key
    FROM interaction_rows
    WHERE source_channel IN (SELECT channel FROM mapping_roles)
),
pairs AS (
    SELECT DISTINCT
        r.channel, r.file_seq, r.line, r.mapping, r.event_on, r.role,
        n.record_key, r.record_key AS related_key
    FROM role_mentions AS r
    INNER JOIN named AS n ON n.file_seq = r.file_seq AND n.line = r.line AND n.channel = r.channel
),
-- Worked out before the other's number is looked up: "another customer" is not a condition to join links with links by,
-- which is all customers times all customers.
namers AS MATERIALIZED (
    SELECT p.channel, p.file_seq, p.line, p.mapping, l.customer_id, p.related_key, p.role, p.event_on
    FROM pairs AS p
    INNER JOIN customer_links AS l ON l.record_key = p.record_key
)
SELECT DISTINCT
    n.channel,
    n.file_seq,
    n.line,
    n.mapping,
    n.customer_id,
    o.customer_id AS related_customer_id,
    n.role AS relationship,
    n.event_on
FROM namers AS n
INNER JOIN customer_links AS o ON o.record_key = n.related_key AND o.customer_id <> n.customer_id
