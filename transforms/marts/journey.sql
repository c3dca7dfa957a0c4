-- One row per touch of a customer, numbered in the order they happened. Key: customer_id, touch_no.
-- Within a day: what has no time of day first, then by time, and what was given back last. Codes only: the words of
-- notes and couriers stay out.
WITH touches AS (
    SELECT
        customer_id,
        touched_on,
        CAST(NULL AS TIMESTAMP) AS happened_at,
        CASE touch WHEN 'registered' THEN 1 ELSE 8 END AS place,
        seq,
        channel,
        touch,
        role AS detail,
        touch = 'registered' AS is_inbound,
        CAST(NULL AS VARCHAR) AS how,
        CAST(NULL AS VARCHAR) AS payment_method,
        CAST(NULL AS VARCHAR) AS store,
        CAST(NULL AS VARCHAR) AS city_code,
        CAST(NULL AS BIGINT) AS order_id,
        CAST(NULL AS DECIMAL(18, 2)) AS amount,
        CAST(NULL AS DECIMAL(18, 2)) AS points
    FROM registration_touches
    UNION ALL
    SELECT
        customer_id, touched_on, happened_at, CASE touch WHEN 'preference' THEN 9 ELSE 2 END, seq, channel, touch,
        purpose, TRUE, medium, NULL, NULL, NULL, NULL, NULL, NULL
    FROM consent_touches
    UNION ALL
    SELECT
        customer_id, touched_on, happened_at, 3, seq, channel, touch, detail, is_inbound, medium, NULL, NULL, NULL,
        NULL, NULL, NULL
    FROM interaction_touches
    UNION ALL
    SELECT
        customer_id, touched_on, happened_at, CASE WHEN is_return THEN 0 ELSE 4 END, order_id, channel, touch, NULL,
        TRUE, purchase_method, payment_method, store, city_code, order_id, amount, NULL
    FROM order_touches
    UNION ALL
    SELECT
        customer_id, touched_on, happened_at, 5, seq, channel, touch, NULL, NULL, NULL, NULL, NULL, NULL, order_id,
        NULL, points
    FROM points_touches
    UNION ALL
    SELECT
        d.customer_id, d.touched_on, d.happened_at, 6, d.seq, d.channel, d.touch, NULL, FALSE, NULL, NULL, NULL,
        f.shown_city_code, d.order_id, NULL, NULL
    FROM delivery_touches AS d
    LEFT JOIN folded_sale_places AS f ON d.city_code = f.city_code
    UNION ALL
    SELECT
        customer_id, touched_on, CAST(NULL AS TIMESTAMP), 7, seq, channel, touch, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, amount, NULL
    FROM premium_touches
),
timed AS (
    SELECT
        t.customer_id, t.touched_on, to_local(t.happened_at, p.timezone) AS local_at, t.place, t.seq, t.channel,
        t.touch, t.detail, t.is_inbound, t.how, t.payment_method, t.store, t.city_code, t.order_id, t.amount, t.points
    FROM touches AS t
    CROSS JOIN params AS p
),
placed AS (
    SELECT
        customer_id, touched_on, place, seq, channel, touch, detail, is_inbound, how, payment_method, store, city_code,
        order_id, amount, points,
        CASE
            WHEN place = 0 THEN CAST(CAST(touched_on + INTERVAL 1 DAY AS DATE) AS TIMESTAMP)
            ELSE COALESCE(local_at, CAST(touched_on AS TIMESTAMP))
        END AS moment,
        CASE WHEN local_at > CAST(touched_on AS TIMESTAMP) THEN CAST(HOUR(local_at) AS INTEGER) END AS hour
    FROM timed
)
SELECT
    customer_id,
    CAST(ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY moment, place, seq) AS INTEGER) AS touch_no,
    touched_on,
    hour,
    channel,
    touch,
    detail,
    is_inbound,
    how,
    payment_method,
    store,
    city_code,
    order_id,
    amount,
    points
FROM placed
