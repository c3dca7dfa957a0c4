-- One row per role, measure and value above zero in hundredths of the currency: how many have it, how many
-- and how much lie above it. Key: role, measure, cents.
-- series numbers role and measure: windows over a number cost an eighth of windows over text.
-- histogram
WITH measured AS (
    SELECT CASE role WHEN 'current' THEN 1 ELSE 2 END AS series, CAST(revenue * 100 AS BIGINT) AS cents
    FROM pareto_values
    WHERE revenue > 0
    UNION ALL
    SELECT CASE role WHEN 'current' THEN 3 ELSE 4 END AS series, CAST(profit * 100 AS BIGINT) AS cents
    FROM pareto_values
    WHERE profit > 0
),

value_histogram AS (
    SELECT series, cents, COUNT(*) AS n
    FROM measured
    GROUP BY series, cents
),

cumulated AS (
    SELECT
        series,
        cents,
        n,
        CAST(SUM(n) OVER best_first AS BIGINT) - n AS count_above,
        CAST(SUM(n * cents) OVER best_first AS BIGINT) - n * cents AS cents_above
    FROM value_histogram
    WINDOW best_first AS (PARTITION BY series ORDER BY cents DESC ROWS UNBOUNDED PRECEDING)
),

totals AS (
    SELECT
        series,
        CASE WHEN series IN (1, 3) THEN 'current' ELSE 'previous' END AS role,
        CASE WHEN series IN (1, 2) THEN 'revenue' ELSE 'profit' END AS measure,
        CAST(SUM(n) AS BIGINT) AS count_all,
        CAST(SUM(n * cents) AS BIGINT) AS cents_all
    FROM value_histogram
    GROUP BY series
)

SELECT
    t.role,
    t.measure,
    c.cents,
    c.n,
    c.count_above,
    c.cents_above,
    t.count_all,
    t.cents_all
FROM cumulated AS c
INNER JOIN totals AS t ON c.series = t.series
