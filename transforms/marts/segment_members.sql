-- One row per as_of, segment and customer who is in it, or was at the previous month-end and has left. Key: as_of,
-- segment, customer_id.
-- Members who may not be contacted for the segment's purpose stay, and are marked: a count of a segment is of all.
-- Both days are made in one night from the records known then, with today's identity and today's segments.
WITH moves AS (
    SELECT
        COALESCE(n.segment, b.segment) AS segment,
        COALESCE(n.customer_id, b.customer_id) AS customer_id,
        CASE
            WHEN b.customer_id IS NULL THEN 'entered'
            WHEN n.customer_id IS NULL THEN 'left'
            ELSE 'stayed'
        END AS status
    FROM members_now AS n
    FULL JOIN members_before AS b ON n.segment = b.segment AND n.customer_id = b.customer_id
)

SELECT
    today.as_of,
    m.segment,
    m.customer_id,
    s.version,
    s.purpose,
    m.status,
    before.as_of AS previous_as_of,
    c.customer_id IS NOT NULL AS is_contactable,
    c.contact_channel
FROM moves AS m
INNER JOIN segments AS s ON m.segment = s.segment
INNER JOIN as_of_dates AS today ON today.role = 'current'
INNER JOIN as_of_dates AS before ON before.role = 'previous'
LEFT JOIN contact_choices AS c ON c.customer_id = m.customer_id AND c.purpose = lower(trim(s.purpose))
