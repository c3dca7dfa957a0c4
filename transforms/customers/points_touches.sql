-- One row per movement of a customer's points. Key: seq.
-- Points that an order earned are told by the order.
WITH movements AS (
    SELECT
        e.record_key,
        e.channel,
        e.order_space,
        e.event_on,
        e.event_at,
        e.type,
        e.order_id,
        e.points,
        MAX(row_seq(e.file_seq, e.line, e.mapping)) AS seq
    FROM loyalty_event_rows AS e
    CROSS JOIN params AS p
    WHERE e.arrived <= p.as_of AND e.event_on <= p.as_of AND (e.order_id IS NULL OR e.type IS DISTINCT FROM 'earn')
    GROUP BY e.record_key, e.channel, e.order_space, e.event_on, e.event_at, e.type, e.order_id, e.points
),
orders_named AS (
    SELECT DISTINCT m.order_space, m.order_id AS source_order_id, h.order_id
    FROM movements AS m
    INNER JOIN order_headers AS h ON h.order_space = m.order_space AND h.source_order_id = m.order_id
)
SELECT
    l.customer_id,
    m.event_on AS touched_on,
    m.event_at AS happened_at,
    m.seq,
    m.channel,
    CASE m.type
        WHEN 'earn' THEN 'points_earned'
        WHEN 'burn' THEN 'points_spent'
        WHEN 'expire' THEN 'points_expired'
        ELSE 'points_adjusted'
    END AS touch,
    h.order_id,
    CAST(m.points AS DECIMAL(18, 2)) AS points
FROM movements AS m
INNER JOIN customer_links AS l ON l.record_key = m.record_key
LEFT JOIN orders_named AS h ON h.order_space = m.order_space AND h.source_order_id = m.order_id
