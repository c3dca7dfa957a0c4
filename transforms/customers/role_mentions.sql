-- One row per source row that names somebody in a role (a recipient), and the record so named. Key: channel, file_seq,
-- line, mapping.
SELECT r.channel, r.file_seq, r.line, r.mapping, r.record_key, m.role, r.event_on
FROM contact_rows AS r
CROSS JOIN params AS p
INNER JOIN mapping_roles AS m ON m.channel = r.channel AND m.mapping = r.mapping
WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
