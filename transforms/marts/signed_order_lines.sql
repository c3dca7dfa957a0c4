-- One row per visible order line: what it is, what it is worth and what it cost, before returns find their
-- orders.
-- Key: channel, file_seq, line, mapping.
-- Kinds: sale; cancelled (worth nothing); undone (status returned, a positive amount, no order named: the
-- sale itself was given back, worth nothing); return (negative quantity or amount); linked_return (a return
-- that names its order).
-- Money is rounded here, once per line, so that every later sum agrees to the cent.
WITH priced_lines AS (
    SELECT
        channel, file_seq, line, mapping, order_space, record_key, event_on, event_at, order_id,
        COALESCE(product_id, product_name) AS product_id,
        category, colour, size, status, returns_order_id, store, city, salesperson, purchase_method, payment_method,
        quantity, cost,
        amount IS NOT NULL AS has_amount,
        CASE
            WHEN amount IS NOT NULL THEN CAST(amount AS DECIMAL(18, 2))
            WHEN discount IS NULL THEN CAST(CAST(quantity AS DECIMAL(19, 4)) * unit_price AS DECIMAL(18, 2))
            ELSE CAST(CAST(quantity AS DECIMAL(19, 4)) * unit_price - discount AS DECIMAL(18, 2))
        END AS stated_value
    FROM visible_order_lines
),

valued_lines AS (
    SELECT
        channel, file_seq, line, mapping, order_space, record_key, event_on, event_at, order_id, product_id, category,
        colour, size, status, returns_order_id, store, city, salesperson, purchase_method, payment_method, quantity, cost, has_amount,
        CASE WHEN stated_value IS NULL THEN CAST(0 AS DECIMAL(18, 2)) ELSE stated_value END AS value,
        COALESCE(quantity < 0, FALSE) OR COALESCE(stated_value < 0, FALSE) AS is_negative
    FROM priced_lines
),

lines_by_kind AS (
    SELECT
        channel, file_seq, line, mapping, order_space, record_key, event_on, event_at, order_id, product_id, category,
        colour, size, returns_order_id, store, city, salesperson, purchase_method, payment_method, quantity, cost, has_amount,
        value,
        CASE
            WHEN status = 'cancelled' THEN 'cancelled'
            WHEN returns_order_id IS NOT NULL AND (is_negative OR status = 'returned' OR status IS NULL)
                THEN 'linked_return'
            WHEN is_negative THEN 'return'
            WHEN status = 'returned' THEN 'undone'
            ELSE 'sale'
        END AS kind
    FROM valued_lines
),

signed_lines AS (
    SELECT
        channel, file_seq, line, mapping, order_space, record_key, event_on, event_at, order_id, product_id, category,
        colour, size, store, city, salesperson, purchase_method, payment_method, kind,
        CASE WHEN kind = 'linked_return' THEN returns_order_id END AS gives_back,
        CASE
            WHEN kind IN ('cancelled', 'undone') THEN CAST(0 AS DECIMAL(18, 4))
            WHEN kind IN ('return', 'linked_return') THEN -ABS(quantity)
            ELSE quantity
        END AS quantity,
        CASE
            WHEN kind IN ('cancelled', 'undone') THEN CAST(0 AS DECIMAL(18, 2))
            WHEN kind = 'linked_return' OR (kind = 'return' AND has_amount) THEN -ABS(value)
            ELSE value
        END AS net_revenue,
        CASE
            WHEN kind IN ('cancelled', 'undone') AND cost IS NOT NULL THEN CAST(0 AS DECIMAL(18, 4))
            WHEN kind IN ('return', 'linked_return') THEN -ABS(cost)
            ELSE ABS(cost)
        END AS line_cost
    FROM lines_by_kind
),

codes_by_city AS (
    SELECT city, MIN(city_code) AS city_code
    FROM city_codes
    GROUP BY city
)

SELECT
    s.channel,
    s.file_seq,
    s.line,
    s.mapping,
    s.order_space,
    s.order_id AS source_order_id,
    s.gives_back,
    l.customer_id,
    s.event_on AS happened_on,
    s.event_at AS happened_at,
    s.product_id,
    COALESCE(s.category, m.category) AS category,
    COALESCE(s.colour, m.colour) AS colour,
    COALESCE(s.size, m.size) AS size,
    s.store,
    c.city_code,
    s.salesperson,
    s.purchase_method,
    s.payment_method,
    s.kind,
    s.quantity,
    s.net_revenue,
    CASE
        WHEN s.line_cost IS NOT NULL THEN CAST(s.line_cost AS DECIMAL(18, 2))
        ELSE CAST(CAST(m.cost AS DECIMAL(19, 4)) * s.quantity AS DECIMAL(18, 2))
    END AS known_cost,
    CASE
        WHEN s.line_cost IS NOT NULL THEN 'line_cost'
        WHEN m.cost IS NOT NULL AND s.quantity IS NOT NULL THEN 'product_cost'
    END AS cost_source
FROM signed_lines AS s
LEFT JOIN customer_links AS l ON s.record_key = l.record_key
LEFT JOIN visible_products AS m ON s.product_id = m.product_id
LEFT JOIN codes_by_city AS c ON s.city = c.city
