-- One row per order line known at as_of, in its latest version (superseded_lines says what tells lines
-- apart).
-- Key: channel, file_seq, line, mapping.
SELECT
    r.channel, r.order_space, r.record_key, r.arrived, r.file_seq, r.line, r.mapping, r.event_on, r.event_at, r.order_id,
    r.line_no, r.product_id, r.product_name, r.category, r.colour, r.size, r.quantity, r.unit_price, r.discount, r.amount,
    r.cost, r.status, r.returns_order_id, r.store, r.city, r.salesperson, r.purchase_method, r.payment_method
FROM order_line_rows AS r
CROSS JOIN params AS p
LEFT JOIN superseded_lines AS s
    ON r.channel = s.channel AND r.file_seq = s.file_seq AND r.line = s.line AND r.mapping = s.mapping
WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of AND s.line IS NULL
