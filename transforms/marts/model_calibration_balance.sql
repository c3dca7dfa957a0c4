-- One row: the groups of each breakdown against the customers of the hold-out. Key: as_of.
-- difference adds up, over the breakdowns, how far the groups are from all customers, and must be 0.
WITH whole AS (
    SELECT CAST(MAX(customers) AS BIGINT) AS customers
    FROM foretold_weeks
),

breakdowns AS (
    SELECT breakdown, SUM(customers) AS customers
    FROM model_calibration
    GROUP BY breakdown
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(b.customers - w.customers)), 0) AS BIGINT) AS difference
    FROM breakdowns AS b
    CROSS JOIN whole AS w
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
