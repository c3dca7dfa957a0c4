-- One row per breakdown that some population statistics tell people apart by: those it uses. Key: breakdown.
-- Of several, the statistics by the fewest other things.
WITH kinds AS (
    SELECT DISTINCT has_age, has_sex, has_education, has_occupation
    FROM population_groups
)

SELECT b.breakdown, k.has_age, k.has_sex, k.has_education, k.has_occupation
FROM market_breakdowns AS b
INNER JOIN kinds AS k
    ON (NOT b.by_age OR k.has_age)
    AND (NOT b.by_sex OR k.has_sex)
    AND (NOT b.by_education OR k.has_education)
    AND (NOT b.by_occupation OR k.has_occupation)
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY b.breakdown
    ORDER BY
        CAST(k.has_age AS INTEGER) + CAST(k.has_sex AS INTEGER) + CAST(k.has_education AS INTEGER)
        + CAST(k.has_occupation AS INTEGER),
        k.has_occupation, k.has_education, k.has_sex, k.has_age
) = 1
