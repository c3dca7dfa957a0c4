-- One row per customer who lives with another, and as_of. Key: customer_id.
-- evidence: the strongest tie to another member; role: how channels name the member where none names it otherwise.
WITH members AS (
    SELECT DISTINCT customer_id, household_id FROM customer_links WHERE household_id IS NOT NULL
),
sizes AS (
    SELECT household_id, CAST(COUNT(*) AS INTEGER) AS count_members FROM members GROUP BY household_id
),
customers_of_clusters AS (
    SELECT h.cluster_no, h.household_id, MIN(l.customer_id) AS customer_id
    FROM household_members AS h
    INNER JOIN clusters AS c ON c.cluster_no = h.cluster_no
    INNER JOIN customer_links AS l ON l.record_key = c.record_key
    GROUP BY h.cluster_no, h.household_id
),
ties AS (
    SELECT a.customer_id, b.customer_id AS other, t.evidence, t.strength
    FROM household_ties AS t
    INNER JOIN customers_of_clusters AS a ON a.cluster_no = t.cluster_a
    INNER JOIN customers_of_clusters AS b ON b.cluster_no = t.cluster_b AND b.household_id = a.household_id
),
both_ways AS (
    SELECT customer_id, other, evidence, strength FROM ties
    UNION ALL
    SELECT other, customer_id, evidence, strength FROM ties
),
strongest AS (
    SELECT
        customer_id,
        evidence,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY strength DESC, evidence) AS position
    FROM both_ways
),
tied AS (
    SELECT customer_id, CAST(COUNT(DISTINCT other) AS INTEGER) AS count_tied FROM both_ways GROUP BY customer_id
),
roles AS (
    SELECT m.customer_id, MIN(r.role) AS role
    FROM members AS m
    INNER JOIN customer_links AS l ON l.customer_id = m.customer_id
    LEFT JOIN record_roles AS r ON r.record_key = l.record_key
    GROUP BY m.customer_id
    HAVING COUNT(*) = COUNT(r.role)
),
homes AS (
    SELECT m.household_id, g.city_code, COUNT(*) AS count_members
    FROM members AS m
    INNER JOIN customer_profile AS p ON p.customer_id = m.customer_id
    INNER JOIN city_codes AS g ON g.city = p.city
    WHERE g.city_code IS NOT NULL
    GROUP BY m.household_id, g.city_code
),
cities AS (
    SELECT
        household_id,
        city_code,
        ROW_NUMBER() OVER (PARTITION BY household_id ORDER BY count_members DESC, city_code) AS position
    FROM homes
)
SELECT
    m.household_id,
    m.customer_id,
    r.role,
    s.evidence,
    t.count_tied,
    z.count_members,
    c.city_code
FROM members AS m
INNER JOIN sizes AS z ON z.household_id = m.household_id
INNER JOIN strongest AS s ON s.customer_id = m.customer_id AND s.position = 1
INNER JOIN tied AS t ON t.customer_id = m.customer_id
LEFT JOIN roles AS r ON r.customer_id = m.customer_id
LEFT JOIN cities AS c ON c.household_id = m.household_id AND c.position = 1
