-- One row per role, measure and value above zero in hundredths of the currency: how many have it, how many
-- and how much lie above it. Key: role, measure, cents.
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
),

totals AS (
    SELECT role, measure, CAST(SUM(n) AS BIGINT) AS count_all, CAST(SUM(n * cents) AS BIGINT) AS cents_all
    FROM value_histogram
    GROUP BY role, measure
)

SELECT
    h.role,
    h.measure,
    h.cents,
    h.n,
    CAST(SUM(h.n) OVER best_first AS BIGINT) - h.n AS count_above,
    CAST(SUM(h.n * h.cents) OVER best_first AS BIGINT) - h.n * h.cents AS cents_above,
    t.count_all,
    t.cents_all
FROM value_histogram AS h
INNER JOIN totals AS t ON h.role = t.role AND h.measure = t.measure
WINDOW best_first AS (PARTITION BY h.role, h.measure ORDER BY h.cents DESC ROWS UNBOUNDED PRECEDING)
