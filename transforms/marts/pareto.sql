-- One row per as_of and customer with revenue above zero in the window. Key: as_of, customer_id.
-- Ties share the smallest rank, the cumulative share of their whole block and one class: A while the share
-- before the block is under .80, B while it is under .95, else C (compared in whole cents).
-- By profit likewise, for those with profit above zero; the others are in pareto_negative.
WITH classes AS (
    SELECT
        role,
        measure,
        cents,
        CAST(count_above + 1 AS INTEGER) AS rank,
        CAST(CAST(cents_above + n * cents AS DOUBLE) / CAST(NULLIF(cents_all, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS cumulative_share,
        CASE
            WHEN cents_above * 5 < cents_all * 4 THEN 'A'
            WHEN cents_above * 20 < cents_all * 19 THEN 'B'
            ELSE 'C'
        END AS class
    FROM pareto_histogram
),

previous_bounds AS (
    SELECT
        MIN(CASE WHEN class = 'A' THEN cents END) AS least_of_a,
        MIN(CASE WHEN class IN ('A', 'B') THEN cents END) AS least_of_b
    FROM classes
    WHERE role = 'previous' AND measure = 'revenue'
),

valued AS (
    SELECT
        t.customer_id,
        t.revenue,
        t.profit,
        CAST(t.revenue * 100 AS BIGINT) AS cents,
        CAST(t.profit * 100 AS BIGINT) AS profit_cents,
        CASE WHEN t.previous_revenue > 0 THEN CAST(t.previous_revenue * 100 AS BIGINT) END AS previous_cents
    FROM window_totals AS t
    WHERE t.revenue > 0
)

SELECT
    w.as_of,
    v.customer_id,
    v.revenue,
    v.profit,
    r.rank,
    r.cumulative_share,
    r.class,
    CASE
        WHEN v.previous_cents >= b.least_of_a THEN 'A'
        WHEN v.previous_cents >= b.least_of_b THEN 'B'
        WHEN v.previous_cents IS NOT NULL THEN 'C'
    END AS previous_class,
    p.rank AS profit_rank,
    p.cumulative_share AS profit_cumulative_share,
    p.class AS profit_class
FROM valued AS v
INNER JOIN as_of_dates AS w ON w.role = 'current'
INNER JOIN classes AS r ON r.role = 'current' AND r.measure = 'revenue' AND v.cents = r.cents
LEFT JOIN classes AS p ON p.role = 'current' AND p.measure = 'profit' AND v.profit_cents = p.cents
CROSS JOIN previous_bounds AS b
