-- One row per as_of, field and customer to ask for it, the 10,000 most worth asking for each field. Key: as_of, field,
-- customer_id.
-- Worth asking: expected profit times the share of what is worth asking for that is not known.
WITH worths AS (
    SELECT v.customer_id, v.clv
    FROM clv AS v
    INNER JOIN (SELECT MIN(horizon_days) AS horizon_days FROM clv) AS h ON v.horizon_days = h.horizon_days
    WHERE v.clv > 0
),
gaps AS (
    SELECT customer_id, COUNT(*) AS count_missing
    FROM missing_fields
    GROUP BY customer_id
),
known_fields AS (
    SELECT COUNT(DISTINCT field) AS count_fields
    FROM missing_fields
),
asked AS (
    SELECT
        m.field,
        m.customer_id,
        c.purpose,
        c.contact_channel,
        w.clv AS expected_profit,
        CAST(CAST(g.count_missing AS DOUBLE) / NULLIF(k.count_fields, 0) AS DECIMAL(7, 6)) AS missing_share
    FROM missing_fields AS m
    INNER JOIN worths AS w ON w.customer_id = m.customer_id
    INNER JOIN contact_choices AS c ON c.customer_id = m.customer_id AND c.purpose = 'marketing'
    INNER JOIN gaps AS g ON g.customer_id = m.customer_id
    CROSS JOIN known_fields AS k
)
SELECT
    p.as_of,
    a.field,
    a.customer_id,
    a.purpose,
    TRUE AS is_contactable,
    a.contact_channel,
    o.owner,
    a.expected_profit,
    a.missing_share,
    CAST(a.expected_profit * a.missing_share AS DECIMAL(18, 2)) AS priority,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY a.field ORDER BY a.expected_profit * a.missing_share DESC, a.expected_profit DESC, a.customer_id
    ) AS INTEGER) AS position
FROM asked AS a
CROSS JOIN params AS p
LEFT JOIN customer_owners AS o ON o.customer_id = a.customer_id
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY a.field ORDER BY a.expected_profit * a.missing_share DESC, a.expected_profit DESC, a.customer_id
) <= 10000
