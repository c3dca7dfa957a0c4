-- One row per as_of, dimension, measure and region, segment, category or product with orders in the window. Key: as_of,
-- dimension, measure, item.
-- Ranked are items above zero but (anonymous) and (none). Ties share the smallest rank, the cumulative share of their
-- whole block and one class, as in pareto; the concentration is that among the item's customers, five or more.
WITH totals AS (
    SELECT
        dimension,
        item,
        CAST(SUM(revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(profit) AS DECIMAL(18, 2)) AS profit
    FROM pareto_series
    WHERE dimension <> 'month'
    GROUP BY dimension, item
),

measured AS (
    SELECT dimension, item, 'revenue' AS measure, revenue AS value
    FROM totals
    UNION ALL
    SELECT dimension, item, 'profit' AS measure, profit AS value
    FROM totals
),

ranked AS (
    SELECT
        dimension,
        item,
        measure,
        RANK() OVER best_first AS rank,
        SUM(value) OVER (best_first RANGE UNBOUNDED PRECEDING) AS cumulated,
        SUM(value) OVER (PARTITION BY dimension, measure) AS total,
        SUM(value) OVER (PARTITION BY dimension, measure, value) AS block
    FROM measured
    WHERE value > 0 AND item NOT IN ('(anonymous)', '(none)')
    WINDOW best_first AS (PARTITION BY dimension, measure ORDER BY value DESC)
)

SELECT
    w.as_of,
    m.dimension,
    m.measure,
    m.item,
    m.value,
    CAST(r.rank AS INTEGER) AS rank,
    CAST(CAST(r.cumulated AS DOUBLE) / CAST(NULLIF(r.total, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS cumulative_share,
    CASE
        WHEN (r.cumulated - r.block) * 5 < r.total * 4 THEN 'A'
        WHEN (r.cumulated - r.block) * 20 < r.total * 19 THEN 'B'
        WHEN r.rank IS NOT NULL THEN 'C'
    END AS class,
    COALESCE(c.customers, 0) AS customers,
    CASE WHEN c.customers >= 5 THEN c.gini END AS gini,
    CASE WHEN c.customers >= 5 THEN c.hhi END AS hhi,
    CASE WHEN c.customers >= 5 THEN c.top_20_share END AS top_20_share
FROM measured AS m
INNER JOIN as_of_dates AS w ON w.role = 'current'
LEFT JOIN ranked AS r ON m.dimension = r.dimension AND m.item = r.item AND m.measure = r.measure
LEFT JOIN concentrations AS c ON m.dimension = c.dimension AND m.item = c.item AND m.measure = c.measure
