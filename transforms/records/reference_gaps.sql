-- One row per channel, contract and field that names something another contract brings: rows of as_of that name what
-- nobody has brought. Key: as_of, channel, contract, field.
-- A field is judged where its target is known at all: without a product master no product number is unknown.
-- Order numbers are looked for in the channel's own order space.
WITH named AS (
    SELECT 'order_lines' AS contract, 'product_id' AS field, r.channel, '' AS space, r.product_id AS value
    FROM order_line_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
    UNION ALL
    SELECT 'order_lines', 'returns_order_id', r.channel, r.order_space, r.returns_order_id
    FROM order_line_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
    UNION ALL
    SELECT 'loyalty_events', 'order_id', r.channel, r.order_space, r.order_id
    FROM loyalty_event_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
    UNION ALL
    SELECT 'deliveries', 'order_id', r.channel, r.order_space, r.order_id
    FROM delivery_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
    UNION ALL
    SELECT 'interactions', 'campaign_id', r.source_channel, '', r.campaign_id
    FROM interaction_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
    UNION ALL
    SELECT 'campaign_targets', 'campaign_id', r.channel, '', r.campaign_id
    FROM campaign_target_rows AS r
    INNER JOIN params AS p ON r.arrived = p.as_of
),

wanted AS (
    SELECT
        contract, field, channel, space, value,
        CASE field WHEN 'product_id' THEN 'product' WHEN 'campaign_id' THEN 'campaign' ELSE 'order' END AS kind,
        COUNT(*) AS n
    FROM named
    WHERE value IS NOT NULL
    GROUP BY contract, field, channel, space, value
),

known AS (
    SELECT DISTINCT 'product' AS kind, '' AS space, r.product_id AS value
    FROM product_rows AS r
    INNER JOIN params AS p ON r.arrived <= p.as_of
    UNION ALL
    SELECT DISTINCT 'campaign', '', r.campaign_id
    FROM campaign_rows AS r
    INNER JOIN params AS p ON r.arrived <= p.as_of
    UNION ALL
    SELECT DISTINCT 'order', r.order_space, r.order_id
    FROM order_line_rows AS r
    INNER JOIN params AS p ON r.arrived <= p.as_of
),

known_spaces AS (
    SELECT DISTINCT kind, space
    FROM known
)

SELECT
    p.as_of,
    w.channel,
    w.contract,
    w.field,
    w.kind AS refers_to,
    CAST(SUM(w.n) AS BIGINT) AS count_rows,
    CAST(SUM(CASE WHEN k.value IS NULL THEN w.n ELSE 0 END) AS BIGINT) AS count_missing,
    CAST(CAST(SUM(CASE WHEN k.value IS NULL THEN w.n ELSE 0 END) AS DOUBLE) / NULLIF(SUM(w.n), 0) AS DECIMAL(7, 6))
        AS share_missing
FROM wanted AS w
INNER JOIN known_spaces AS s ON w.kind = s.kind AND w.space = s.space
CROSS JOIN params AS p
LEFT JOIN known AS k ON w.kind = k.kind AND w.space = k.space AND w.value = k.value
GROUP BY p.as_of, w.channel, w.contract, w.field, w.kind
