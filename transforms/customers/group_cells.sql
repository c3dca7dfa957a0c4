-- One row per city, age band and sex of any customer. Key: own_city_code, own_age_band, own_sex.
SELECT own_city_code, own_age_band, own_sex, COUNT(*) AS people
FROM customer_traits
GROUP BY own_city_code, own_age_band, own_sex
