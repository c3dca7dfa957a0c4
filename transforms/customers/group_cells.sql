-- One row per city, age band and sex of any customer or of the population statistics: its customers. Key:
-- own_city_code, own_age_band, own_sex.
WITH groups AS (
    SELECT own_city_code, own_age_band, own_sex, 1 AS people
    FROM customer_traits
    UNION ALL
    SELECT own_city_code, own_age_band, own_sex, 0 AS people
    FROM population_groups
)

SELECT own_city_code, own_age_band, own_sex, CAST(SUM(people) AS BIGINT) AS people
FROM groups
GROUP BY own_city_code, own_age_band, own_sex
