-- One row per education of any customer or of the population statistics: its customers. Key: own_education.
WITH groups AS (
    SELECT own_education, 1 AS people
    FROM customer_traits
    UNION ALL
    SELECT own_education, 0 AS people
    FROM population_groups
)

SELECT own_education, CAST(SUM(people) AS BIGINT) AS people
FROM groups
GROUP BY own_education
