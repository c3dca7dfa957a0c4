-- One row per figure about the matching of a day. Key: as_of, metric, item.
WITH sizes AS (
    SELECT customer_id, CAST(COUNT(*) AS BIGINT) AS count_records FROM customer_links GROUP BY customer_id
),
figures AS (
    SELECT 'records' AS metric, '' AS item, CAST(SUM(count_records) AS DOUBLE) AS value FROM sizes
    UNION ALL
    SELECT 'customers', '', CAST(COUNT(*) AS DOUBLE) FROM sizes
    UNION ALL
    SELECT 'largest_customer', '', CAST(MAX(count_records) AS DOUBLE) FROM sizes
    UNION ALL
    SELECT
        'customers_by_records',
        CASE
            WHEN count_records = 1 THEN '1'
            WHEN count_records = 2 THEN '2'
            WHEN count_records = 3 THEN '3'
            WHEN count_records <= 5 THEN '4-5'
            WHEN count_records <= 10 THEN '6-10'
            ELSE '11+'
        END,
        CAST(COUNT(*) AS DOUBLE)
    FROM sizes
    GROUP BY
        CASE
            WHEN count_records = 1 THEN '1'
            WHEN count_records = 2 THEN '2'
            WHEN count_records = 3 THEN '3'
            WHEN count_records <= 5 THEN '4-5'
            WHEN count_records <= 10 THEN '6-10'
            ELSE '11+'
        END
    UNION ALL
    SELECT 'records_by_rule', match_rule, CAST(COUNT(*) AS DOUBLE) FROM customer_links GROUP BY match_rule
    UNION ALL
    SELECT 'pairs_to_review', '', CAST(COUNT(*) AS DOUBLE) FROM match_review
    UNION ALL
    SELECT 'pairs_vetoed', '', CAST(COUNT(*) AS DOUBLE) FROM match_edges WHERE is_vetoed
    UNION ALL
    SELECT metric, item, value FROM identity_figures
)
SELECT p.as_of, f.metric, f.item, f.value
FROM figures AS f
CROSS JOIN params AS p
WHERE f.value IS NOT NULL
