-- One row per entry of the blacklist in force at as_of and customer it names. Key: customer_id, entry_no.
WITH named AS (
    SELECT l.customer_id, r.entry_no, CAST(COUNT(*) AS INTEGER) AS count_records
    FROM blacklisted_records AS r
    INNER JOIN customer_links AS l ON l.record_key = r.record_key
    GROUP BY l.customer_id, r.entry_no
)
SELECT
    n.customer_id,
    n.entry_no,
    b.kind,
    b.contact_channel,
    b.reason,
    b.evidence,
    b.listed_on,
    b.expires_on,
    n.count_records
FROM named AS n
INNER JOIN blacklist_entries AS b ON b.entry_no = n.entry_no
