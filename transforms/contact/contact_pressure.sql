-- One row per as_of and customer contacted within the window: by how many, how often, how near the caps. Key: as_of,
-- customer_id.
WITH counted AS (
    SELECT
        r.customer_id,
        CAST(COUNT(*) AS INTEGER) AS count_contacts,
        CAST(COUNT(DISTINCT r.contact_channel) AS INTEGER) AS count_contact_channels,
        CAST(COUNT(DISTINCT r.salesperson) AS INTEGER) AS count_salespeople,
        CAST(COUNT(DISTINCT r.campaign_id) AS INTEGER) AS count_campaigns,
        CAST(COUNT(*) FILTER (WHERE r.salesperson <> o.owner) AS INTEGER) AS count_not_by_owner,
        MAX(r.contacted_on) AS last_contact_on
    FROM recent_contacts AS r
    LEFT JOIN customer_owners AS o ON o.customer_id = r.customer_id
    GROUP BY r.customer_id
),
pressed AS (
    SELECT DISTINCT customer_id FROM pressed_customers
)
SELECT
    p.as_of,
    c.customer_id,
    c.count_contacts,
    c.count_contact_channels,
    c.count_salespeople,
    c.count_campaigns,
    c.count_not_by_owner,
    c.last_contact_on,
    s.max_contacts,
    c.count_contacts > s.max_contacts AS is_over_cap,
    h.customer_id IS NOT NULL AS is_under_pressure
FROM counted AS c
CROSS JOIN params AS p
CROSS JOIN contact_settings AS s
LEFT JOIN pressed AS h ON h.customer_id = c.customer_id
