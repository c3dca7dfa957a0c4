-- One row per customer, channel and day on which the channel came to know the customer without dealing with it, or
-- another customer named it in a role. Key: touch, seq, customer_id.
-- A channel knows people from dealings, too: the buyer of an order, the address a campaign goes to. Those are told
-- by the dealing itself.
WITH numbered_channels AS (
    SELECT a.channel, CAST(COUNT(*) AS BIGINT) AS channel_no
    FROM channels AS a
    INNER JOIN channels AS b ON b.channel <= a.channel
    GROUP BY a.channel
),
registered AS (
    SELECT DISTINCT l.customer_id, c.first_contact_on AS touched_on, c.channel
    FROM record_channels AS c
    INNER JOIN customer_links AS l ON l.record_key = c.record_key
    LEFT JOIN record_roles AS r ON r.record_key = c.record_key
    WHERE
        r.record_key IS NULL
        AND c.first_contact_on IS NOT NULL
        AND (c.first_dealing_on IS NULL OR c.first_dealing_on > c.first_contact_on)
)
SELECT
    r.customer_id,
    r.touched_on,
    n.channel_no AS seq,
    r.channel,
    'registered' AS touch,
    CAST(NULL AS VARCHAR) AS role
FROM registered AS r
INNER JOIN numbered_channels AS n ON n.channel = r.channel
UNION ALL
SELECT
    related_customer_id,
    event_on,
    MIN(row_seq(file_seq, line, mapping)),
    channel,
    'named',
    relationship
FROM role_relations
GROUP BY related_customer_id, event_on, channel, relationship
