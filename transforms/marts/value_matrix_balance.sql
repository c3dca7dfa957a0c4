-- One row: the matrix against the customers in clv. Key: as_of.
-- difference adds up, over the horizons, how many customers are in the one and not in the other, and must be 0.
WITH both_sides AS (
    SELECT horizon_days, customers
    FROM value_matrix
    UNION ALL
    SELECT horizon_days, -1 AS customers
    FROM clv
),

horizons AS (
    SELECT horizon_days, SUM(customers) AS customers
    FROM both_sides
    GROUP BY horizon_days
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(customers)), 0) AS BIGINT) AS difference
    FROM horizons
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
