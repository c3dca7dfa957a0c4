-- One row per customer: place, age band, sex, education and occupation as they are, before the cube folds them. Key:
-- customer_id.
SELECT
    p.customer_id,
    g.city_code AS own_city_code,
    age_band(p.birth_date, d.as_of) AS own_age_band,
    p.sex AS own_sex,
    p.education AS own_education,
    p.occupation AS own_occupation
FROM customer_profile AS p
CROSS JOIN params AS d
LEFT JOIN city_codes AS g ON p.city = g.city
