-- One row: the groups of every dimension against clv. Key: as_of.
-- difference adds up all disagreements, in customers and in money, and must be 0.
WITH dimensions AS (
    SELECT dimension
    FROM (VALUES ('all'), ('segment'), ('city'), ('acquisition_source'), ('cohort_month')) AS names (dimension)
),

both_sides AS (
    SELECT dimension, horizon_days, customers, clv
    FROM clv_groups
    UNION ALL
    SELECT d.dimension, c.horizon_days, -1 AS customers, -c.clv AS clv
    FROM clv AS c
    CROSS JOIN dimensions AS d
),

unmatched AS (
    SELECT dimension, horizon_days, SUM(customers) AS customers, SUM(clv) AS clv
    FROM both_sides
    GROUP BY dimension, horizon_days
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(customers)), 0) + COALESCE(SUM(ABS(clv)), 0) AS DECIMAL(18, 2)) AS difference
    FROM unmatched
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
