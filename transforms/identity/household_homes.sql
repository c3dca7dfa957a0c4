-- One row per customer cluster and home it names. Key: cluster_no, address_key, city, postcode.
-- The newest statement of each record counts, so people who move leave their old neighbours.
WITH stated AS (
    SELECT
        r.record_key,
        r.address_key,
        r.city,
        r.postcode,
        version_ord(r.arrived, r.file_seq, r.line) AS ord
    FROM contact_rows AS r
    CROSS JOIN params AS p
    WHERE (r.address_key IS NOT NULL OR r.postcode IS NOT NULL) AND r.arrived <= p.as_of AND r.event_on <= p.as_of
),
newest AS (
    SELECT record_key, MAX(ord) AS ord FROM stated GROUP BY record_key
)
SELECT DISTINCT c.cluster_no, s.address_key, s.city, s.postcode
FROM stated AS s
INNER JOIN newest AS n ON n.ord = s.ord AND n.record_key = s.record_key
INNER JOIN clusters AS c ON c.record_key = s.record_key
