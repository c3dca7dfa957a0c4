-- One row per customer and as_of: stage of life and groups for analysis, no personal data. Key: as_of, customer_id.
WITH records AS (
    SELECT
        l.customer_id,
        CAST(COUNT(DISTINCT l.record_key) AS INTEGER) AS count_records,
        CAST(COUNT(DISTINCT t.channel) AS INTEGER) AS count_channels
    FROM customer_links AS l
    INNER JOIN record_channels AS t ON t.record_key = l.record_key
    GROUP BY l.customer_id
),
first_channels AS (
    SELECT
        l.customer_id,
        t.channel,
        ROW_NUMBER() OVER (PARTITION BY l.customer_id ORDER BY t.first_on, t.channel) AS position
    FROM customer_links AS l
    INNER JOIN record_channels AS t ON t.record_key = l.record_key
),
flags AS (
    SELECT
        l.customer_id,
        MIN(CASE WHEN f.is_placeholder THEN 1 ELSE 0 END) AS all_placeholder
    FROM customer_links AS l
    INNER JOIN contact_facts AS f ON f.record_key = l.record_key
    GROUP BY l.customer_id
),
complaints AS (
    SELECT DISTINCT l.customer_id
    FROM open_complaints AS o
    INNER JOIN customer_links AS l ON l.record_key = o.record_key
)
SELECT
    d.as_of,
    p.customer_id,
    CASE
        WHEN h.customer_id IS NULL THEN 'prospect'
        WHEN h.is_won_back THEN 'won_back'
        ELSE h.state
    END AS lifecycle_stage,
    p.first_seen,
    p.last_seen,
    b.first_on AS first_purchase_on,
    b.last_on AS last_purchase_on,
    COALESCE(b.count_order_days, 0) AS count_order_days,
    COALESCE(p.acquisition_source, c.channel) AS acquisition_source,
    p.acquisition_event,
    g.city_code,
    g.age_band,
    g.sex,
    p.member_id IS NOT NULL AS is_member,
    p.email IS NOT NULL AS has_email,
    p.phone IS NOT NULL OR p.whatsapp IS NOT NULL AS has_phone,
    o.customer_id IS NOT NULL AS has_open_complaint,
    COALESCE(f.all_placeholder, 0) = 1 AS is_placeholder,
    r.count_records,
    r.count_channels
FROM customer_profile AS p
CROSS JOIN params AS d
INNER JOIN records AS r ON r.customer_id = p.customer_id
INNER JOIN first_channels AS c ON c.customer_id = p.customer_id AND c.position = 1
INNER JOIN customer_groups AS g ON g.customer_id = p.customer_id
LEFT JOIN customer_rhythm AS h ON h.customer_id = p.customer_id
LEFT JOIN purchase_history AS b ON b.customer_id = p.customer_id
LEFT JOIN flags AS f ON f.customer_id = p.customer_id
LEFT JOIN complaints AS o ON o.customer_id = p.customer_id
