-- One row per attempt to deliver to a customer, in its latest version. Key: seq.
-- Delivered to the customer's own city, it says no more of that than customers does.
WITH versions AS (
    SELECT
        d.channel,
        d.order_space,
        d.delivery_id,
        d.attempt,
        d.record_key,
        d.order_id,
        d.event_at,
        d.event_on,
        d.status,
        d.city,
        row_seq(d.file_seq, d.line, d.mapping) AS seq,
        version_ord(d.arrived, d.file_seq, d.line) AS ord
    FROM delivery_rows AS d
    CROSS JOIN params AS p
    WHERE d.arrived <= p.as_of AND d.event_on <= p.as_of AND d.record_key IS NOT NULL
),
latest AS (
    SELECT delivery_id, attempt, channel, MAX(ord) AS ord
    FROM versions
    GROUP BY delivery_id, attempt, channel
)
SELECT
    l.customer_id,
    v.event_on AS touched_on,
    v.event_at AS happened_at,
    v.seq,
    v.channel,
    CASE v.status WHEN 'failed' THEN 'delivery_failed' WHEN 'returned' THEN 'delivery_returned' ELSE 'delivered' END
        AS touch,
    CASE WHEN g.city_code = t.own_city_code THEN q.city_code ELSE g.city_code END AS city_code,
    h.order_id
FROM versions AS v
INNER JOIN latest AS n ON n.ord = v.ord AND n.delivery_id = v.delivery_id AND n.channel = v.channel
INNER JOIN customer_links AS l ON l.record_key = v.record_key
LEFT JOIN order_headers AS h ON h.order_space = v.order_space AND h.source_order_id = v.order_id
LEFT JOIN city_codes AS g ON g.city = v.city
LEFT JOIN customer_traits AS t ON t.customer_id = l.customer_id
LEFT JOIN customer_groups AS q ON q.customer_id = l.customer_id
