-- One row per customer, related customer, relationship and source. Key: customer_id, related_customer_id, relationship,
-- source.
-- Read as: related_customer_id is the <relationship> of customer_id. source is the channel that tells of it, or
-- `household` where living together does.
WITH in_roles AS (
    SELECT
        customer_id,
        related_customer_id,
        relationship,
        channel AS source,
        MIN(event_on) AS first_on,
        MAX(event_on) AS last_on,
        CAST(COUNT(*) AS BIGINT) AS count_events
    FROM role_relations
    GROUP BY customer_id, related_customer_id, relationship, channel
),
referred AS (
    SELECT
        l.customer_id,
        r.related_customer_id,
        'referrer' AS relationship,
        r.channel AS source,
        MIN(r.event_on) AS first_on,
        MAX(r.event_on) AS last_on,
        CAST(SUM(r.count_events) AS BIGINT) AS count_events
    FROM referrals AS r
    INNER JOIN customer_links AS l ON l.record_key = r.record_key AND l.customer_id <> r.related_customer_id
    GROUP BY l.customer_id, r.related_customer_id, r.channel
),
decided_for AS (
    SELECT
        m.customer_id,
        d.customer_id AS related_customer_id,
        'decision_maker' AS relationship,
        d.channel AS source,
        MIN(GREATEST(m.first_on, d.first_on)) AS first_on,
        MAX(GREATEST(m.last_on, d.last_on)) AS last_on,
        MAX(d.count_events) AS count_events
    FROM company_members AS m
    INNER JOIN company_members AS d ON d.company_key = m.company_key AND d.customer_id <> m.customer_id
    WHERE d.decides
    GROUP BY m.customer_id, d.customer_id, d.channel
),
seen AS (
    SELECT h.household_id, h.customer_id, p.first_seen, p.last_seen
    FROM households AS h
    INNER JOIN customer_profile AS p ON p.customer_id = h.customer_id
),
together AS (
    SELECT
        a.customer_id,
        b.customer_id AS related_customer_id,
        'household_member' AS relationship,
        'household' AS source,
        GREATEST(a.first_seen, b.first_seen) AS first_on,
        GREATEST(a.last_seen, b.last_seen) AS last_on,
        CAST(1 AS BIGINT) AS count_events
    FROM seen AS a
    INNER JOIN seen AS b ON b.household_id = a.household_id AND b.customer_id <> a.customer_id
)
SELECT customer_id, related_customer_id, relationship, source, first_on, last_on, count_events FROM in_roles
UNION ALL
SELECT customer_id, related_customer_id, relationship, source, first_on, last_on, count_events FROM referred
UNION ALL
SELECT customer_id, related_customer_id, relationship, source, first_on, last_on, count_events FROM decided_for
UNION ALL
SELECT customer_id, related_customer_id, relationship, source, first_on, last_on, count_events FROM together
