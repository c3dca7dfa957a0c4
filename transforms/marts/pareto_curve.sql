-- One row per as_of, measure and percent of customers from 0 to 100. Key: as_of, measure, customer_percent.
-- The best p percent are the best floor(n p / 100) customers with a value above zero. No rows when nobody has
-- one.
WITH digits AS (
    SELECT digit
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS numbers (digit)
),

percents AS (
    SELECT 10 * tens.digit + ones.digit AS customer_percent
    FROM digits AS tens
    CROSS JOIN digits AS ones
    UNION ALL
    SELECT 100 AS customer_percent
),

populations AS (
    SELECT measure, MAX(count_all) AS count_all, MAX(cents_all) AS cents_all
    FROM pareto_histogram
    WHERE role = 'current'
    GROUP BY measure
),

best_customers AS (
    SELECT
        o.measure, o.cents_all, p.customer_percent,
        o.count_all * p.customer_percent // 100 AS count_best
    FROM populations AS o
    CROSS JOIN percents AS p
)

SELECT
    w.as_of,
    b.measure,
    CAST(b.customer_percent AS INTEGER) AS customer_percent,
    CAST(COALESCE(
        CAST(h.cents_above + (b.count_best - h.count_above) * h.cents AS DOUBLE) / CAST(NULLIF(b.cents_all, 0) AS DOUBLE), 0
    ) AS DECIMAL(7, 6)) AS share
FROM best_customers AS b
INNER JOIN as_of_dates AS w ON w.role = 'current'
LEFT JOIN pareto_histogram AS h
    ON h.role = 'current' AND b.measure = h.measure AND b.count_best > h.count_above AND b.count_best <= h.count_above + h.n
