-- One row per as_of, channel, salesperson and field: how many customers' field was first told there within a year. Key:
-- as_of, channel, salesperson, field.
WITH firsts AS (
    SELECT customer_id, 'email' AS field, email AS ord FROM first_facts WHERE email IS NOT NULL
    UNION ALL
    SELECT customer_id, 'phone', phone FROM first_facts WHERE phone IS NOT NULL
    UNION ALL
    SELECT customer_id, 'address', address FROM first_facts WHERE address IS NOT NULL
    UNION ALL
    SELECT customer_id, 'city', city FROM first_facts WHERE city IS NOT NULL
    UNION ALL
    SELECT customer_id, 'birth_date', birth_date FROM first_facts WHERE birth_date IS NOT NULL
    UNION ALL
    SELECT customer_id, 'sex', sex FROM first_facts WHERE sex IS NOT NULL
    UNION ALL
    SELECT customer_id, 'education', education FROM first_facts WHERE education IS NOT NULL
    UNION ALL
    SELECT customer_id, 'occupation', occupation FROM first_facts WHERE occupation IS NOT NULL
),
won AS (
    SELECT s.channel, s.salesperson, f.field, COUNT(*) AS count_won
    FROM firsts AS f
    INNER JOIN enrichment_statements AS s ON s.customer_id = f.customer_id AND s.ord = f.ord
    GROUP BY s.channel, s.salesperson, f.field
),
taken AS (
    SELECT channel, salesperson, COUNT(*) AS count_statements
    FROM enrichment_statements
    GROUP BY channel, salesperson
)
SELECT
    p.as_of,
    t.channel,
    t.salesperson,
    w.field,
    CAST(t.count_statements AS BIGINT) AS count_statements,
    CAST(w.count_won AS BIGINT) AS count_won,
    CAST(CAST(w.count_won AS DOUBLE) / NULLIF(t.count_statements, 0) AS DECIMAL(7, 6)) AS yield_share
FROM won AS w
INNER JOIN taken AS t ON t.channel = w.channel AND t.salesperson = w.salesperson
CROSS JOIN params AS p
