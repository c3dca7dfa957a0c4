-- One row per as_of, customer and earlier customer touched by a change. Key: as_of, customer_id, previous_customer_id, event.
-- Compares today's links with yesterday's (`previous_links`), which did not know the decisions made today.
WITH flows AS (
    SELECT
        t.customer_id,
        y.customer_id AS previous_customer_id,
        CAST(COUNT(*) AS BIGINT) AS count_records
    FROM customer_links AS t
    INNER JOIN previous_links AS y ON y.record_key = t.record_key
    GROUP BY t.customer_id, y.customer_id
),
today AS (
    SELECT customer_id, CAST(COUNT(*) AS BIGINT) AS count_previous FROM flows GROUP BY customer_id
),
yesterday AS (
    SELECT previous_customer_id, CAST(COUNT(*) AS BIGINT) AS count_next FROM flows GROUP BY previous_customer_id
),
today_ids AS (
    SELECT DISTINCT customer_id FROM customer_links
),
yesterday_ids AS (
    SELECT DISTINCT customer_id AS previous_customer_id FROM previous_links
),
decided AS (
    SELECT d.record_a AS record_key
    FROM decisions AS d
    INNER JOIN params AS p ON CAST(p.as_of AS VARCHAR) = d.decided_on
    UNION
    SELECT d.record_b AS record_key
    FROM decisions AS d
    INNER JOIN params AS p ON CAST(p.as_of AS VARCHAR) = d.decided_on
),
decided_customers AS (
    SELECT DISTINCT l.customer_id
    FROM customer_links AS l
    SEMI JOIN decided AS d ON d.record_key = l.record_key
),
changes AS (
    SELECT
        i.customer_id,
        CAST(NULL AS BIGINT) AS previous_customer_id,
        'new' AS event,
        'first record seen' AS cause
    FROM today_ids AS i
    LEFT JOIN today AS t ON t.customer_id = i.customer_id
    WHERE t.customer_id IS NULL
    UNION ALL
    SELECT
        f.customer_id,
        f.previous_customer_id,
        CASE
            WHEN t.count_previous > 1 THEN 'merged'
            WHEN y.count_next > 1 THEN 'split'
            ELSE 'reassigned'
        END AS event,
        CASE
            WHEN d.customer_id IS NOT NULL THEN 'a steward decided so'
            WHEN t.count_previous > 1 THEN 'evidence ties their records together'
            WHEN y.count_next > 1 THEN 'evidence no longer ties their records'
            ELSE 'an earlier record became the anchor'
        END AS cause
    FROM flows AS f
    INNER JOIN today AS t ON t.customer_id = f.customer_id
    INNER JOIN yesterday AS y ON y.previous_customer_id = f.previous_customer_id
    LEFT JOIN decided_customers AS d ON d.customer_id = f.customer_id
    WHERE f.customer_id <> f.previous_customer_id
    UNION ALL
    SELECT
        i.previous_customer_id AS customer_id,
        i.previous_customer_id,
        'retired' AS event,
        'its records are gone' AS cause
    FROM yesterday_ids AS i
    LEFT JOIN yesterday AS y ON y.previous_customer_id = i.previous_customer_id
    LEFT JOIN erased_customers AS e ON e.customer_id = i.previous_customer_id
    WHERE y.previous_customer_id IS NULL AND e.customer_id IS NULL
    UNION ALL
    SELECT
        e.customer_id,
        e.customer_id AS previous_customer_id,
        'erased' AS event,
        'asked to be forgotten' AS cause
    FROM erased_customers AS e
)
SELECT p.as_of, c.customer_id, c.previous_customer_id, c.event, c.cause
FROM changes AS c
CROSS JOIN params AS p
