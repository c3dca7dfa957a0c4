-- One row per as_of and customer with revenue above zero in the window. Key: as_of, customer_id.
-- Ties share the smallest rank, the cumulative share of their whole block and one class: A while the share
-- before the block is under .80, B while it is under .95, else C (compared in whole cents).
-- By profit likewise, for those with profit above zero; the others are in pareto_negative.
WITH revenue_classes AS (
    SELECT
        role,
        cents,
        count_above + 1 AS rank,
        CAST(CAST(cents_above + n * cents AS DOUBLE) / CAST(NULLIF(cents_all, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS cumulative_share,
        CASE
            WHEN cents_above * 5 < cents_all * 4 THEN 'A'
            WHEN cents_above * 20 < cents_all * 19 THEN 'B'
            ELSE 'C'
        END AS class
    FROM pareto_histogram
    WHERE measure = 'revenue'
),

profit_classes AS (
    SELECT
        cents,
        count_above + 1 AS rank,
        CAST(CAST(cents_above + n * cents AS DOUBLE) / CAST(NULLIF(cents_all, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS cumulative_share,
        CASE
            WHEN cents_above * 5 < cents_all * 4 THEN 'A'
            WHEN cents_above * 20 < cents_all * 19 THEN 'B'
            ELSE 'C'
        END AS class
    FROM pareto_histogram
    WHERE measure = 'profit' AND role = 'current'
),

classified AS (
    SELECT v.role, v.as_of, v.customer_id, v.revenue, v.profit, c.rank, c.cumulative_share, c.class
    FROM pareto_values AS v
    INNER JOIN revenue_classes AS c ON v.role = c.role AND CAST(v.revenue * 100 AS BIGINT) = c.cents
)

SELECT
    today.as_of,
    today.customer_id,
    today.revenue,
    today.profit,
    CAST(today.rank AS INTEGER) AS rank,
    today.cumulative_share,
    today.class,
    earlier.class AS previous_class,
    CAST(p.rank AS INTEGER) AS profit_rank,
    p.cumulative_share AS profit_cumulative_share,
    p.class AS profit_class
FROM classified AS today
LEFT JOIN profit_classes AS p ON CAST(today.profit * 100 AS BIGINT) = p.cents
LEFT JOIN classified AS earlier ON today.customer_id = earlier.customer_id AND earlier.role = 'previous'
WHERE today.role = 'current'
