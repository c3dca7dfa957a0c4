-- One row per group of people in the newest statistics known at as_of, and by what they tell people apart. Key:
-- has_age, has_sex, has_education, has_occupation, own_city_code, own_age_band, own_sex, own_education, own_occupation.
-- Statistics that tell people apart by the same things are one count of everybody; counts by different things are not
-- added up (market_statistics chooses). Age bands cut otherwise count by their middle: 20-24 is in 18-24.
WITH visible AS (
    SELECT r.city, r.age_band, r.sex, r.education, r.occupation, COALESCE(r.year, 0) AS year, r.people
    FROM population_rows AS r
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of AND COALESCE(r.year, 0) <= YEAR(p.as_of)
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY r.city, r.age_band, r.sex, r.education, r.occupation, r.year
        ORDER BY r.arrived DESC, r.file_seq DESC, r.line DESC, r.channel DESC
    ) = 1
),

newest AS (
    SELECT
        city, age_band, sex, education, occupation, year, people,
        MAX(year) OVER (
            PARTITION BY age_band IS NOT NULL, sex IS NOT NULL, education IS NOT NULL, occupation IS NOT NULL
        ) AS last_year,
        TRY_CAST(regexp_extract(age_band, '^[0-9]+', 0) AS INTEGER) AS age_from,
        TRY_CAST(regexp_extract(regexp_replace(age_band, '^[0-9]+', ''), '[0-9]+', 0) AS INTEGER) AS age_to
    FROM visible
),

banded AS (
    SELECT
        city, sex, education, occupation, people,
        age_band IS NOT NULL AS has_age,
        CASE
            WHEN wide_age_band(age_band) IS NOT NULL THEN age_band
            WHEN age_from + COALESCE(age_to, age_from) < 36 THEN 'under 18'
            WHEN age_from + COALESCE(age_to, age_from) < 50 THEN '18-24'
            WHEN age_from + COALESCE(age_to, age_from) < 70 THEN '25-34'
            WHEN age_from + COALESCE(age_to, age_from) < 90 THEN '35-44'
            WHEN age_from + COALESCE(age_to, age_from) < 110 THEN '45-54'
            WHEN age_from + COALESCE(age_to, age_from) < 130 THEN '55-64'
            WHEN age_from IS NOT NULL THEN '65+'
        END AS own_age_band
    FROM newest
    WHERE year = last_year
)

SELECT
    b.has_age,
    b.sex IS NOT NULL AS has_sex,
    b.education IS NOT NULL AS has_education,
    b.occupation IS NOT NULL AS has_occupation,
    c.city_code AS own_city_code,
    b.own_age_band,
    b.sex AS own_sex,
    b.education AS own_education,
    b.occupation AS own_occupation,
    CAST(SUM(b.people) AS BIGINT) AS population
FROM banded AS b
LEFT JOIN city_codes AS c ON b.city = c.city
GROUP BY
    b.has_age, b.sex IS NOT NULL, b.education IS NOT NULL, b.occupation IS NOT NULL, c.city_code, b.own_age_band, b.sex,
    b.education, b.occupation
