-- One row per known customer with an order day in the window of today or of the previous month-end: what each window
-- holds. Key: customer_id.
-- count_ and last_on look at days with net revenue above zero; revenue and profit add every day. All are NULL or 0 for a
-- window without an order day. previous_ is the window of the previous month-end.
WITH windows AS (
    SELECT
        MIN(CASE WHEN role = 'current' THEN window_start END) AS start_on,
        MIN(CASE WHEN role = 'current' THEN as_of END) AS as_of,
        MIN(CASE WHEN role = 'previous' THEN window_start END) AS previous_start_on,
        MIN(CASE WHEN role = 'previous' THEN as_of END) AS previous_as_of
    FROM as_of_dates
),

days AS (
    SELECT
        d.customer_id,
        d.net_revenue,
        d.margin,
        d.ordered_on,
        d.net_revenue > 0 AS is_positive,
        d.ordered_on >= w.start_on AND d.ordered_on <= w.as_of AS is_current,
        d.ordered_on >= w.previous_start_on AND d.ordered_on <= w.previous_as_of AS is_previous
    FROM order_days AS d
    CROSS JOIN windows AS w
    WHERE d.ordered_on >= LEAST(w.start_on, w.previous_start_on)
)

SELECT
    customer_id,
    MAX(ordered_on) FILTER (WHERE is_current AND is_positive) AS last_on,
    CAST(COUNT(*) FILTER (WHERE is_current AND is_positive) AS INTEGER) AS count_days,
    CAST(SUM(net_revenue) FILTER (WHERE is_current) AS DECIMAL(18, 2)) AS revenue,
    CAST(SUM(margin) FILTER (WHERE is_current) AS DECIMAL(18, 2)) AS profit,
    MAX(ordered_on) FILTER (WHERE is_previous AND is_positive) AS previous_last_on,
    CAST(COUNT(*) FILTER (WHERE is_previous AND is_positive) AS INTEGER) AS previous_count_days,
    CAST(SUM(net_revenue) FILTER (WHERE is_previous) AS DECIMAL(18, 2)) AS previous_revenue,
    CAST(SUM(margin) FILTER (WHERE is_previous) AS DECIMAL(18, 2)) AS previous_profit
FROM days
WHERE is_current OR is_previous
GROUP BY customer_id
