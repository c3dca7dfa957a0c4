-- One row per way of looking at the market: what it tells people apart by. Key: breakdown.
SELECT breakdown, by_city, by_age, by_sex, by_education, by_occupation
FROM (
    VALUES
        ('city', TRUE, FALSE, FALSE, FALSE, FALSE),
        ('age_band', FALSE, TRUE, FALSE, FALSE, FALSE),
        ('sex', FALSE, FALSE, TRUE, FALSE, FALSE),
        ('city_age_sex', TRUE, TRUE, TRUE, FALSE, FALSE),
        ('education', FALSE, FALSE, FALSE, TRUE, FALSE),
        ('occupation', FALSE, FALSE, FALSE, FALSE, TRUE)
) AS names (breakdown, by_city, by_age, by_sex, by_education, by_occupation)
