-- One row: what the accepted order rows state against what the order lines count. Key: as_of.
-- Stated value less rows that a later version replaced, less what is worth nothing (cancelled, or given back as a whole),
-- with returns turned negative, is the revenue of order_lines; difference adds up the disagreements in rows and money and
-- must be 0.
WITH known_rows AS (
    SELECT
        r.status, r.returns_order_id, r.quantity,
        r.amount IS NOT NULL AS has_amount,
        s.line IS NOT NULL AS is_superseded,
        CAST(COALESCE(
            r.amount,
            CAST(r.quantity AS DECIMAL(19, 4)) * r.unit_price - COALESCE(r.discount, 0),
            0
        ) AS DECIMAL(18, 2)) AS stated_value
    FROM order_line_rows AS r
    CROSS JOIN params AS p
    LEFT JOIN superseded_lines AS s
        ON r.channel = s.channel AND r.file_seq = s.file_seq AND r.line = s.line AND r.mapping = s.mapping
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
),

judged_rows AS (
    SELECT
        stated_value, is_superseded, has_amount,
        COALESCE(quantity < 0, FALSE) OR stated_value < 0 AS is_negative,
        COALESCE(status, '') AS status,
        returns_order_id IS NOT NULL AS names_an_order
    FROM known_rows
),

bridge AS (
    SELECT
        stated_value,
        is_superseded,
        NOT is_superseded AND (
            status = 'cancelled' OR (status = 'returned' AND NOT names_an_order AND NOT is_negative)
        ) AS is_void,
        NOT is_superseded AND status <> 'cancelled' AND stated_value > 0 AND (
            (names_an_order AND (is_negative OR status IN ('returned', '')))
            OR (NOT (names_an_order AND status IN ('returned', '')) AND is_negative AND has_amount)
        ) AS is_turned
    FROM judged_rows
),

stated AS (
    SELECT
        COUNT(*) AS count_rows,
        COALESCE(SUM(CASE WHEN is_superseded THEN 1 ELSE 0 END), 0) AS count_superseded,
        COALESCE(SUM(stated_value), 0) AS stated,
        COALESCE(SUM(CASE WHEN is_superseded THEN stated_value END), 0) AS superseded,
        COALESCE(SUM(CASE WHEN is_void THEN stated_value END), 0) AS void,
        COALESCE(SUM(CASE WHEN is_turned THEN 2 * stated_value END), 0) AS turned
    FROM bridge
),

counted AS (
    SELECT COUNT(*) AS count_lines, COALESCE(SUM(net_revenue), 0) AS revenue
    FROM order_lines
)

SELECT
    p.as_of,
    CAST(s.count_rows AS BIGINT) AS count_rows,
    CAST(s.count_superseded AS BIGINT) AS count_superseded,
    CAST(s.stated AS DECIMAL(18, 2)) AS stated_value,
    CAST(s.superseded AS DECIMAL(18, 2)) AS superseded_value,
    CAST(s.void AS DECIMAL(18, 2)) AS void_value,
    CAST(s.turned AS DECIMAL(18, 2)) AS turned_value,
    CAST(c.revenue AS DECIMAL(18, 2)) AS order_lines_revenue,
    CAST(
        ABS(s.stated - s.superseded - s.void - s.turned - c.revenue)
        + ABS(s.count_rows - s.count_superseded - c.count_lines) AS DECIMAL(18, 2)
    ) AS difference
FROM params AS p
CROSS JOIN stated AS s
CROSS JOIN counted AS c
