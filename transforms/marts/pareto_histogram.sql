-- One row per role, measure and value above zero in hundredths of the currency: how many have it, how many and how much lie
-- above it. Key: role, measure, cents.
-- histogram
WITH measured AS (
    SELECT role, 'revenue' AS measure, CAST(revenue * 100 AS BIGINT) AS cents
    FROM pareto_values
    WHERE revenue > 0
    UNION ALL
    SELECT role, 'profit' AS measure, CAST(profit * 100 AS BIGINT) AS cents
    FROM pareto_values
    WHERE profit > 0
),

value_histogram AS (
    SELECT role, measure, cents, COUNT(*) AS n
    FROM measured
    GROUP BY role, measure, cents
)

SELECT
    role,
    measure,
    cents,
    n,
    CAST(SUM(n) OVER (PARTITION BY role, measure ORDER BY cents DESC ROWS UNBOUNDED PRECEDING) AS BIGINT) - n AS count_above,
    CAST(SUM(n * cents) OVER (PARTITION BY role, measure ORDER BY cents DESC ROWS UNBOUNDED PRECEDING) AS BIGINT) - n * cents AS cents_above,
    CAST(SUM(n) OVER (PARTITION BY role, measure) AS BIGINT) AS count_all,
    CAST(SUM(n * cents) OVER (PARTITION BY role, measure) AS BIGINT) AS cents_all
FROM value_histogram
