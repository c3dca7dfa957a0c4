-- One row per as_of, horizon, repeat purchases and days since the last one. Key: as_of, horizon_days, repeats, days_from.
-- Every buyer is in one row per horizon. Means of fewer than five customers are not shown.
WITH bands AS (
    SELECT 0 AS days_from, 30 AS days_to
    UNION ALL
    SELECT 31 AS days_from, 60 AS days_to
    UNION ALL
    SELECT 61 AS days_from, 90 AS days_to
    UNION ALL
    SELECT 91 AS days_from, 180 AS days_to
    UNION ALL
    SELECT 181 AS days_from, 365 AS days_to
    UNION ALL
    SELECT 366 AS days_from, NULL AS days_to
),

buyers AS (
    SELECT
        customer_id,
        CASE WHEN x < 7 THEN x ELSE 7 END AS repeats,
        T_days - t_x_days AS days_since_last
    FROM purchase_history
),

sums AS (
    SELECT
        c.as_of,
        c.horizon_days,
        h.repeats,
        b.days_from,
        b.days_to,
        CAST(COUNT(*) AS BIGINT) AS customers,
        SUM(c.expected_purchases) AS expected_purchases,
        SUM(c.p_alive) AS p_alive
    FROM clv AS c
    INNER JOIN buyers AS h ON c.customer_id = h.customer_id
    INNER JOIN bands AS b ON h.days_since_last >= b.days_from AND h.days_since_last <= COALESCE(b.days_to, 1000000)
    GROUP BY c.as_of, c.horizon_days, h.repeats, b.days_from, b.days_to
)

SELECT
    as_of,
    horizon_days,
    CAST(repeats AS INTEGER) AS repeats,
    CAST(days_from AS INTEGER) AS days_from,
    CAST(days_to AS INTEGER) AS days_to,
    customers,
    CASE
        WHEN customers >= 5
            THEN CAST(CAST(expected_purchases AS DOUBLE) / CAST(NULLIF(customers, 0) AS DOUBLE) AS DECIMAL(18, 4))
    END AS expected_purchases,
    CASE
        WHEN customers >= 5 THEN CAST(CAST(p_alive AS DOUBLE) / CAST(NULLIF(customers, 0) AS DOUBLE) AS DECIMAL(7, 6))
    END AS p_alive
FROM sums
