-- One row per two customers who may be one person, for a steward to decide. Key: customer_a, customer_b.
-- The best pair of records stands for each two customers. value = how uncertain the answer is (4 p (1 - p)) times
-- what depends on it, the touches of the customer with fewer of them.
WITH crossing AS (
    SELECT
        CASE WHEN a.customer_id < b.customer_id THEN a.customer_id ELSE b.customer_id END AS customer_a,
        CASE WHEN a.customer_id < b.customer_id THEN b.customer_id ELSE a.customer_id END AS customer_b,
        CASE WHEN a.customer_id < b.customer_id THEN e.record_a ELSE e.record_b END AS record_a,
        CASE WHEN a.customer_id < b.customer_id THEN e.record_b ELSE e.record_a END AS record_b,
        e.rule,
        e.weight,
        e.probability,
        e.pattern,
        e.is_vetoed
    FROM match_edges AS e
    INNER JOIN customer_links AS a ON a.record_key = e.record_a
    INNER JOIN customer_links AS b ON b.record_key = e.record_b
    WHERE a.customer_id <> b.customer_id AND e.rule NOT IN ('steward_same', 'steward_different')
),
decided AS (
    SELECT DISTINCT
        CASE WHEN a.customer_id < b.customer_id THEN a.customer_id ELSE b.customer_id END AS customer_a,
        CASE WHEN a.customer_id < b.customer_id THEN b.customer_id ELSE a.customer_id END AS customer_b
    FROM match_edges AS e
    INNER JOIN customer_links AS a ON a.record_key = e.record_a
    INNER JOIN customer_links AS b ON b.record_key = e.record_b
    WHERE e.rule IN ('steward_same', 'steward_different')
),
best AS (
    SELECT
        customer_a, customer_b, record_a, record_b, rule, weight, probability, pattern, is_vetoed,
        CAST(COUNT(*) OVER (PARTITION BY customer_a, customer_b) AS INTEGER) AS count_pairs,
        ROW_NUMBER() OVER (
            PARTITION BY customer_a, customer_b ORDER BY weight DESC, record_a, record_b, rule
        ) AS position
    FROM crossing
),
touches AS (
    SELECT l.customer_id, CAST(SUM(r.count_touches) AS BIGINT) AS count_touches
    FROM customer_links AS l
    INNER JOIN record_registry AS r ON r.record_key = l.record_key
    GROUP BY l.customer_id
)
SELECT
    b.customer_a,
    b.customer_b,
    b.record_a,
    b.record_b,
    b.rule,
    b.weight,
    b.probability,
    b.pattern,
    b.is_vetoed,
    b.count_pairs,
    CAST(ROUND(
        4 * CAST(b.probability AS DOUBLE) * (1 - CAST(b.probability AS DOUBLE))
        * CAST(least(ta.count_touches, tb.count_touches) AS DOUBLE), 4
    ) AS DECIMAL(18, 4)) AS value
FROM best AS b
INNER JOIN touches AS ta ON ta.customer_id = b.customer_a
INNER JOIN touches AS tb ON tb.customer_id = b.customer_b
LEFT JOIN decided AS d ON d.customer_a = b.customer_a AND d.customer_b = b.customer_b
WHERE b.position = 1 AND d.customer_a IS NULL
