-- One row per as_of, breakdown and group of people shown by the cube. Key: as_of, breakdown, city_code, age_band, sex,
-- education, occupation.
-- The reference of a breakdown is the penetration of all its groups that say everything the breakdown tells apart and
-- whose population is known; the others (unknown, pooled, children) are not compared. What a group's population would buy at
-- that rate, beyond what it buys, is its potential; below zero the group is ahead of the others.
WITH grouped AS (
    SELECT
        m.breakdown,
        CASE WHEN b.by_city THEN m.city_code END AS city_code,
        CASE WHEN b.by_age THEN m.age_band END AS age_band,
        CASE WHEN b.by_sex THEN m.sex END AS sex,
        CASE WHEN b.by_education THEN m.education END AS education,
        CASE WHEN b.by_occupation THEN m.occupation END AS occupation,
        CAST(SUM(m.customers) AS BIGINT) AS customers,
        CAST(SUM(m.buyers) AS BIGINT) AS buyers,
        CAST(SUM(m.revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(NULLIF(SUM(m.population), 0) AS BIGINT) AS population,
        SUM(m.population) > 0 AND COUNT(*) FILTER (
            WHERE (b.by_city AND m.city_code IS NULL)
            OR (b.by_age AND COALESCE(m.age_band, 'under 18') = 'under 18')
            OR (b.by_sex AND m.sex IS NULL)
            OR (b.by_education AND m.education IS NULL)
            OR (b.by_occupation AND m.occupation IS NULL)
        ) = 0 AS is_compared
    FROM market_people AS m
    INNER JOIN market_breakdowns AS b ON m.breakdown = b.breakdown
    GROUP BY
        m.breakdown,
        CASE WHEN b.by_city THEN m.city_code END,
        CASE WHEN b.by_age THEN m.age_band END,
        CASE WHEN b.by_sex THEN m.sex END,
        CASE WHEN b.by_education THEN m.education END,
        CASE WHEN b.by_occupation THEN m.occupation END
),

reference AS (
    SELECT
        breakdown,
        CAST(SUM(buyers) AS DOUBLE) / CAST(NULLIF(SUM(population), 0) AS DOUBLE) AS penetration,
        CAST(SUM(revenue) AS DOUBLE) / CAST(NULLIF(SUM(buyers), 0) AS DOUBLE) AS revenue_per_buyer
    FROM grouped
    WHERE is_compared
    GROUP BY breakdown
),

measured AS (
    SELECT
        g.breakdown, g.city_code, g.age_band, g.sex, g.education, g.occupation,
        g.population, g.customers, g.buyers, g.revenue, g.is_compared,
        r.penetration AS reference_penetration,
        r.revenue_per_buyer,
        CAST(CAST(g.population AS DOUBLE) * r.penetration - CAST(g.buyers AS DOUBLE) AS DECIMAL(18, 2)) AS potential_buyers
    FROM grouped AS g
    LEFT JOIN reference AS r ON g.breakdown = r.breakdown AND g.is_compared
)

SELECT
    p.as_of,
    m.breakdown,
    m.city_code,
    m.age_band,
    m.sex,
    m.education,
    m.occupation,
    m.population,
    m.customers,
    m.buyers,
    m.revenue,
    CAST(CAST(m.revenue AS DOUBLE) / CAST(NULLIF(m.buyers, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS revenue_per_buyer,
    CASE
        WHEN m.is_compared THEN CAST(CAST(m.revenue AS DOUBLE) / CAST(NULLIF(m.population, 0) AS DOUBLE) AS DECIMAL(18, 4))
    END AS revenue_per_head,
    CASE
        WHEN m.is_compared THEN CAST(CAST(m.buyers AS DOUBLE) / CAST(NULLIF(m.population, 0) AS DOUBLE) AS DECIMAL(12, 9))
    END AS penetration,
    CAST(m.reference_penetration AS DECIMAL(12, 9)) AS reference_penetration,
    m.potential_buyers,
    CASE
        WHEN m.potential_buyers IS NOT NULL
            THEN CAST(CAST(GREATEST(m.potential_buyers, 0) AS DOUBLE) * m.revenue_per_buyer AS DECIMAL(18, 2))
    END AS potential_revenue,
    CASE
        WHEN m.potential_buyers IS NOT NULL THEN CAST(RANK() OVER (
            PARTITION BY m.breakdown
            ORDER BY CASE WHEN m.potential_buyers IS NULL THEN 1 ELSE 0 END, m.potential_buyers DESC
        ) AS INTEGER)
    END AS rank_by_potential,
    COALESCE(m.potential_buyers > 0, FALSE) AS is_under_penetrated
FROM measured AS m
CROSS JOIN params AS p
