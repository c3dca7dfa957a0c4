-- One row per known row of an order line that a later version replaces. Key: channel, file_seq, line,
-- mapping.
-- A line with a line number is told by that number alone; one without by its product (number, else name), its
-- direction and its occurrence within the file. Of several versions the latest (arrived, file, line) counts.
WITH known_rows AS (
    SELECT
        r.channel, r.arrived, r.file_seq, r.line, r.mapping, r.order_space, r.order_id,
        COALESCE(r.line_no, '') AS line_no,
        CASE WHEN r.line_no IS NULL THEN COALESCE(r.product_id, r.product_name, '') ELSE '' END AS product_key,
        r.line_no IS NULL AND (COALESCE(r.quantity, 0) < 0 OR COALESCE(r.amount, 0) < 0) AS is_reversal,
        CASE WHEN r.line_no IS NULL THEN COALESCE(o.occurrence, r.occurrence) ELSE 0 END AS occurrence
    FROM order_line_rows AS r
    CROSS JOIN params AS p
    LEFT JOIN reversal_occurrences AS o
        ON r.channel = o.channel AND r.file_seq = o.file_seq AND r.line = o.line AND r.mapping = o.mapping
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
),

repeated_lines AS (
    SELECT order_space, order_id, line_no, product_key, is_reversal, occurrence
    FROM known_rows
    GROUP BY order_space, order_id, line_no, product_key, is_reversal, occurrence
    HAVING COUNT(*) > 1
)

SELECT k.channel, k.file_seq, k.line, k.mapping
FROM known_rows AS k
INNER JOIN repeated_lines AS l
    ON k.order_space = l.order_space AND k.order_id = l.order_id AND k.line_no = l.line_no
    AND k.product_key = l.product_key AND k.is_reversal = l.is_reversal AND k.occurrence = l.occurrence
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY k.order_space, k.order_id, k.line_no, k.product_key, k.is_reversal, k.occurrence
    ORDER BY k.arrived DESC, k.file_seq DESC, k.line DESC, k.mapping DESC, k.channel DESC
) > 1
