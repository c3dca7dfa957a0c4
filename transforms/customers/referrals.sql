-- One row per record that names who referred it, and the day and channel of saying so. Key: record_key, channel,
-- event_on, referrer_id.
-- The number is looked for among the customer numbers of the channel's id space, then as a full record key, then
-- among membership numbers; where several customers have it, it tells nothing.
WITH told AS (
    SELECT r.record_key, r.channel, r.event_on, r.referrer_id, c.id_space, CAST(COUNT(*) AS BIGINT) AS count_events
    FROM contact_rows AS r
    CROSS JOIN params AS p
    INNER JOIN channels AS c ON c.channel = r.channel
    WHERE r.referrer_id IS NOT NULL AND r.arrived <= p.as_of AND r.event_on <= p.as_of
    GROUP BY r.record_key, r.channel, r.event_on, r.referrer_id, c.id_space
),
numbers AS (
    SELECT DISTINCT id_space, referrer_id FROM told
),
members AS (
    SELECT DISTINCT n.id_space, n.referrer_id, r.record_key
    FROM numbers AS n
    INNER JOIN contact_rows AS r ON r.member_id = upper(n.referrer_id)
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
),
keys AS (
    SELECT id_space, referrer_id, id_space || ':' || referrer_id AS record_key, 1 AS attempt FROM numbers
    UNION ALL
    SELECT id_space, referrer_id, referrer_id, 2 FROM numbers
    UNION ALL
    SELECT id_space, referrer_id, record_key, 3 FROM members
),
found AS (
    SELECT
        k.id_space,
        k.referrer_id,
        k.attempt,
        MIN(l.customer_id) AS customer_id,
        MIN(l.customer_id) = MAX(l.customer_id) AS is_one,
        ROW_NUMBER() OVER (PARTITION BY k.id_space, k.referrer_id ORDER BY k.attempt) AS position
    FROM keys AS k
    INNER JOIN customer_links AS l ON l.record_key = k.record_key
    GROUP BY k.id_space, k.referrer_id, k.attempt
)
SELECT t.record_key, t.channel, t.event_on, t.referrer_id, f.customer_id AS related_customer_id, t.count_events
FROM told AS t
INNER JOIN found AS f ON f.id_space = t.id_space AND f.referrer_id = t.referrer_id
WHERE f.position = 1 AND f.is_one
