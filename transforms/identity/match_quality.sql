-- One row per figure about the matching of a day. Key: as_of, metric, item.
-- pairs_by_level counts the pairs of match_edges, level by level; a steward's pairs show none.
WITH sizes AS (
    SELECT customer_id, CAST(COUNT(*) AS BIGINT) AS count_records FROM customer_links GROUP BY customer_id
),
homes AS (
    SELECT household_id, CAST(COUNT(DISTINCT customer_id) AS BIGINT) AS count_customers
    FROM customer_links
    WHERE household_id IS NOT NULL
    GROUP BY household_id
),
seen AS (
    SELECT l.customer_id, r.channel, CAST(COUNT(*) AS BIGINT) AS count_records
    FROM customer_links AS l
    INNER JOIN record_channels AS r ON r.record_key = l.record_key
    GROUP BY l.customer_id, r.channel
),
known AS (
    SELECT customer_id, CAST(COUNT(*) AS BIGINT) AS count_channels FROM seen GROUP BY customer_id
),
patterns AS (
    SELECT pattern, CAST(COUNT(*) AS BIGINT) AS count_pairs FROM match_edges GROUP BY pattern
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
    SELECT 'records_by_channel', channel, CAST(SUM(count_records) AS DOUBLE) FROM seen GROUP BY channel
    UNION ALL
    SELECT 'joined_records_by_channel', s.channel, CAST(SUM(s.count_records) AS DOUBLE)
    FROM seen AS s
    INNER JOIN known AS k ON k.customer_id = s.customer_id
    WHERE k.count_channels > 1
    GROUP BY s.channel
    UNION ALL
    SELECT 'households_by_customers', CAST(count_customers AS VARCHAR), CAST(COUNT(*) AS DOUBLE)
    FROM homes
    GROUP BY count_customers
    UNION ALL
    SELECT 'pairs_by_level', v.item, CAST(SUM(p.count_pairs) AS DOUBLE)
    FROM patterns AS p
    INNER JOIN identity_levels AS v ON p.pattern // NULLIF(v.unit, 0) % 16 = v.code
    GROUP BY v.item
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
