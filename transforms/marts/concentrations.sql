-- One row per dimension, item and measure: how unevenly its known customers with a value above zero share it. Key:
-- dimension, item, measure.
-- Gini by ranks; hhi is the sum of squared shares (1: one customer has all); top_p_share that of the best floor(n p / 100).
WITH cents_of AS (
    SELECT dimension, item, customer_id, 'revenue' AS measure, CAST(revenue * 100 AS BIGINT) AS cents
    FROM pareto_series
    WHERE customer_id IS NOT NULL AND revenue > 0
    UNION ALL
    SELECT dimension, item, customer_id, 'profit' AS measure, CAST(profit * 100 AS BIGINT) AS cents
    FROM pareto_series
    WHERE customer_id IS NOT NULL AND profit > 0
),

placed AS (
    SELECT
        dimension,
        item,
        measure,
        cents,
        ROW_NUMBER() OVER (PARTITION BY dimension, item, measure ORDER BY cents, customer_id) AS place,
        COUNT(*) OVER (PARTITION BY dimension, item, measure) AS customers
    FROM cents_of
),

summed AS (
    SELECT
        dimension,
        item,
        measure,
        customers,
        CAST(SUM(cents) AS DOUBLE) AS cents,
        CAST(SUM(CAST(cents AS DECIMAL(19, 0)) * CAST(place AS DECIMAL(18, 0))) AS DOUBLE) AS ranked_cents,
        CAST(SUM(CAST(cents AS DECIMAL(19, 0)) * CAST(cents AS DECIMAL(19, 0))) AS DOUBLE) AS squared_cents,
        CAST(SUM(CASE WHEN place > customers - customers // 10 THEN cents ELSE 0 END) AS DOUBLE) AS top_10_cents,
        CAST(SUM(CASE WHEN place > customers - customers // 5 THEN cents ELSE 0 END) AS DOUBLE) AS top_20_cents
    FROM placed
    GROUP BY dimension, item, measure, customers
)

SELECT
    dimension,
    item,
    measure,
    customers,
    CAST(
        2 * ranked_cents / NULLIF(CAST(customers AS DOUBLE) * cents, 0)
        - CAST(customers + 1 AS DOUBLE) / NULLIF(CAST(customers AS DOUBLE), 0) AS DECIMAL(7, 6)
    ) AS gini,
    CAST(squared_cents / NULLIF(CAST(cents AS DOUBLE) * cents, 0) AS DECIMAL(12, 10)) AS hhi,
    CAST(top_10_cents / NULLIF(CAST(cents AS DOUBLE), 0) AS DECIMAL(7, 6)) AS top_10_share,
    CAST(top_20_cents / NULLIF(CAST(cents AS DOUBLE), 0) AS DECIMAL(7, 6)) AS top_20_share
FROM summed
