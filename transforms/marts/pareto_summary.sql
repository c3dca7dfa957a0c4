-- One row per as_of, measure and metric. Key: as_of, measure, metric.
-- Gini by mid-ranks over values above zero; top_p_share is the share of the best floor(n p / 100) customers;
-- customers_for_80 is the fewest customers who together reach 80 %. Shares and Gini are absent when nobody
-- has a value above zero; counts and totals are always there, and ranked + at or below zero + anonymous is
-- all of the window's orders.
WITH measures AS (
    SELECT measure
    FROM (VALUES ('revenue'), ('profit')) AS names (measure)
),

concentration AS (
    SELECT
        measure,
        MAX(count_all) AS count_all,
        CAST(MAX(cents_all) AS DOUBLE) AS cents_all,
        CAST(SUM(
            CAST(n * cents AS DECIMAL(19, 0)) * CAST(2 * (count_all - count_above - n) + n + 1 AS DECIMAL(18, 0))
        ) AS DOUBLE) AS twice_ranked_cents,
        MIN(CASE
            WHEN cents_above * 5 < cents_all * 4 AND (cents_above + n * cents) * 5 >= cents_all * 4
                THEN count_above + (4 * cents_all - 5 * cents_above + 5 * cents - 1) // (5 * NULLIF(cents, 0))
        END) AS customers_for_80
    FROM pareto_histogram
    WHERE role = 'current'
    GROUP BY measure
),

window_values AS (
    SELECT 'revenue' AS measure, customer_id, revenue AS value
    FROM pareto_values
    WHERE role = 'current'
    UNION ALL
    SELECT 'profit' AS measure, customer_id, profit AS value
    FROM pareto_values
    WHERE role = 'current'
),

known_totals AS (
    SELECT
        m.measure,
        COUNT(v.customer_id) FILTER (WHERE v.value > 0) AS customers_ranked,
        COUNT(v.customer_id) FILTER (WHERE v.value <= 0) AS customers_at_or_below_zero,
        COALESCE(SUM(v.value) FILTER (WHERE v.value > 0), 0) AS total_ranked,
        COALESCE(SUM(v.value) FILTER (WHERE v.value <= 0), 0) AS total_at_or_below_zero
    FROM measures AS m
    LEFT JOIN window_values AS v ON m.measure = v.measure
    GROUP BY m.measure
),

anonymous_totals AS (
    SELECT COALESCE(SUM(o.net_revenue), 0) AS revenue, COALESCE(SUM(o.margin), 0) AS profit
    FROM orders AS o
    INNER JOIN as_of_dates AS w
        ON w.role = 'current' AND o.ordered_on >= w.window_start AND o.ordered_on <= w.as_of
    WHERE o.customer_id IS NULL
),

metrics AS (
    SELECT
        measure, 'gini' AS metric,
        CAST(
            twice_ranked_cents / NULLIF(CAST(count_all AS DOUBLE) * cents_all, 0)
            - CAST(count_all + 1 AS DOUBLE) / NULLIF(CAST(count_all AS DOUBLE), 0) AS DECIMAL(24, 6)
        ) AS value
    FROM concentration
    UNION ALL
    SELECT measure, 'customers_for_80' AS metric, CAST(customers_for_80 AS DECIMAL(24, 6)) AS value
    FROM concentration
    UNION ALL
    SELECT
        measure, 'customers_for_80_share' AS metric,
        CAST(CAST(customers_for_80 AS DOUBLE) / NULLIF(CAST(count_all AS DOUBLE), 0) AS DECIMAL(24, 6)) AS value
    FROM concentration
    UNION ALL
    SELECT
        measure, 'top_' || CAST(customer_percent AS VARCHAR) || '_share' AS metric,
        CAST(share AS DECIMAL(24, 6)) AS value
    FROM pareto_curve
    WHERE customer_percent IN (1, 5, 10, 20)
    UNION ALL
    SELECT measure, 'customers_ranked' AS metric, CAST(customers_ranked AS DECIMAL(24, 6)) AS value
    FROM known_totals
    UNION ALL
    SELECT measure, 'customers_at_or_below_zero' AS metric, CAST(customers_at_or_below_zero AS DECIMAL(24, 6)) AS value
    FROM known_totals
    UNION ALL
    SELECT measure, 'total_ranked' AS metric, CAST(total_ranked AS DECIMAL(24, 6)) AS value
    FROM known_totals
    UNION ALL
    SELECT measure, 'total_at_or_below_zero' AS metric, CAST(total_at_or_below_zero AS DECIMAL(24, 6)) AS value
    FROM known_totals
    UNION ALL
    SELECT 'revenue' AS measure, 'total_anonymous' AS metric, CAST(revenue AS DECIMAL(24, 6)) AS value
    FROM anonymous_totals
    UNION ALL
    SELECT 'profit' AS measure, 'total_anonymous' AS metric, CAST(profit AS DECIMAL(24, 6)) AS value
    FROM anonymous_totals
)

SELECT w.as_of, m.measure, m.metric, m.value
FROM metrics AS m
INNER JOIN as_of_dates AS w ON w.role = 'current'
