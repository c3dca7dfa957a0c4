-- One row per as_of, from_segment and to_segment: the customers who went that way since the previous month-end.
-- Key: as_of, from_segment, to_segment.
-- Both ends are made from the same events with today's identity. Who was not in the previous window comes from
-- first_purchase (the first net-positive order day lies after that month-end) or returned (it lies before that
-- window); who has left today's window goes to left_window. The segments new and lost are segments like others.
WITH earlier AS (
    SELECT customer_id, segment, monetary
    FROM rfm_standings
    WHERE role = 'previous'
),

moves AS (
    SELECT
        CASE
            WHEN e.customer_id IS NOT NULL THEN e.segment
            WHEN f.first_on > w.as_of THEN 'first_purchase'
            ELSE 'returned'
        END AS from_segment,
        COALESCE(t.segment, 'left_window') AS to_segment,
        CASE
            WHEN e.customer_id IS NULL AND f.first_on > w.as_of THEN 'new'
            WHEN e.customer_id IS NULL THEN 'returned'
            WHEN t.customer_id IS NULL THEN 'lost'
            WHEN e.segment = t.segment THEN 'stayed'
            ELSE 'moved'
        END AS flow,
        t.monetary,
        e.monetary AS previous_monetary
    FROM rfm AS t
    FULL JOIN earlier AS e ON t.customer_id = e.customer_id
    LEFT JOIN first_purchases AS f ON t.customer_id = f.customer_id
    INNER JOIN as_of_dates AS w ON w.role = 'previous'
),

flows AS (
    SELECT
        from_segment,
        to_segment,
        flow,
        COUNT(*) AS customers,
        CAST(COALESCE(SUM(monetary), 0) AS DECIMAL(18, 2)) AS revenue,
        CAST(COALESCE(SUM(previous_monetary), 0) AS DECIMAL(18, 2)) AS previous_revenue
    FROM moves
    GROUP BY from_segment, to_segment, flow
),

origins AS (
    SELECT from_segment, CAST(SUM(customers) AS BIGINT) AS customers
    FROM flows
    GROUP BY from_segment
)

SELECT
    today.as_of,
    before.as_of AS previous_as_of,
    f.from_segment,
    f.to_segment,
    f.flow,
    f.customers,
    CAST(CAST(f.customers AS DOUBLE) / CAST(NULLIF(o.customers, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS share_of_from,
    f.revenue,
    f.previous_revenue
FROM flows AS f
INNER JOIN origins AS o ON f.from_segment = o.from_segment
INNER JOIN as_of_dates AS today ON today.role = 'current'
INNER JOIN as_of_dates AS before ON before.role = 'previous'
