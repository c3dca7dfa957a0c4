-- One row per occupation of any customer or of the population statistics: its customers. Key: own_occupation.
WITH groups AS (
    SELECT own_occupation, 1 AS people
    FROM customer_traits
    UNION ALL
    SELECT own_occupation, 0 AS people
    FROM population_groups
)

SELECT own_occupation, CAST(SUM(people) AS BIGINT) AS people
FROM groups
GROUP BY own_occupation
