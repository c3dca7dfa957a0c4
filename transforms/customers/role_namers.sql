-- One row per source row that names a record in a role, and customer whom the same row names without one. Key: channel,
-- file_seq, line, mapping, customer_id, related_key.
-- A table of its own: were "another customer" a condition beside two joins with links, the links would be joined with
-- each other by it, which is all customers times all customers.
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
)
SELECT p.channel, p.file_seq, p.line, p.mapping, l.customer_id, p.related_key, p.role, p.event_on
FROM pairs AS p
INNER JOIN customer_links AS l ON l.record_key = p.record_key
