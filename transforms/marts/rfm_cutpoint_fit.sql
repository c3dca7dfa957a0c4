-- One row per measure and score that some customer reaches on the current day, to be frozen as that day's cut
-- points.
-- Key: fit_day, measure, score.
-- Score = 1 + min(4, floor(5 (rank - 1) / n)), ties share the smallest rank. The lower bound of a score is
-- the smallest value with at least that score: a score that ties jump over has the bound of the next one
-- reached, a score above all reached has no row. A value below every bound scores 1.
-- histogram
WITH measured AS (
    SELECT as_of, 1 AS series, CAST(-recency_days AS DECIMAL(18, 2)) AS value
    FROM rfm_values
    WHERE role = 'current'
    UNION ALL
    SELECT as_of, 2 AS series, CAST(frequency AS DECIMAL(18, 2)) AS value
    FROM rfm_values
    WHERE role = 'current'
    UNION ALL
    SELECT as_of, 3 AS series, monetary AS value
    FROM rfm_values
    WHERE role = 'current'
),

value_histogram AS (
    SELECT as_of, series, value, COUNT(*) AS n
    FROM measured
    GROUP BY as_of, series, value
),

totals AS (
    SELECT series, CAST(SUM(n) AS BIGINT) AS count_all
    FROM value_histogram
    GROUP BY series
),

value_ranks AS (
    SELECT
        as_of,
        series,
        value,
        CAST(SUM(n) OVER (PARTITION BY series ORDER BY value ROWS UNBOUNDED PRECEDING) AS BIGINT) - n AS count_below
    FROM value_histogram
),

scored_values AS (
    SELECT r.as_of, r.series, r.value, 1 + LEAST(4, 5 * r.count_below // NULLIF(t.count_all, 0)) AS score
    FROM value_ranks AS r
    INNER JOIN totals AS t ON r.series = t.series
),

scores AS (
    SELECT score
    FROM (VALUES (1), (2), (3), (4), (5)) AS numbers (score)
)

SELECT
    v.as_of AS fit_day,
    CASE v.series WHEN 1 THEN 'recency' WHEN 2 THEN 'frequency' ELSE 'monetary' END AS measure,
    CAST(s.score AS INTEGER) AS score,
    MIN(v.value) AS lower_bound
FROM scored_values AS v
INNER JOIN scores AS s ON v.score >= s.score
GROUP BY v.as_of, v.series, s.score
