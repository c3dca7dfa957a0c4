-- One row per line without a line number, of an order that also has reversals without a line number: its
-- occurrence among the lines of the same file, order, product and direction. Key: channel, file_seq, line,
-- mapping.
-- A sale and its reversal on one receipt are two lines; counting them apart keeps a file that brings only the
-- reversal from replacing the sale.
WITH unnumbered_lines AS (
    SELECT
        channel, order_space, file_seq, line, mapping, order_id,
        COALESCE(product_id, product_name, '') AS product_key,
        COALESCE(quantity, 0) < 0 OR COALESCE(amount, 0) < 0 AS is_reversal
    FROM order_line_rows
    WHERE line_no IS NULL
),

orders_with_reversals AS (
    SELECT DISTINCT order_space, order_id
    FROM unnumbered_lines
    WHERE is_reversal
)

SELECT
    u.channel,
    u.file_seq,
    u.line,
    u.mapping,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY u.channel, u.file_seq, u.mapping, u.order_space, u.order_id, u.product_key, u.is_reversal
        ORDER BY u.line
    ) AS INTEGER) AS occurrence
FROM unnumbered_lines AS u
INNER JOIN orders_with_reversals AS o
    ON u.order_space = o.order_space AND u.order_id = o.order_id
