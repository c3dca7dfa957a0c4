-- One row per group of customers or of the population, each with what the cube shows of it. Key: none; it is added up.
-- Customers count in every breakdown; the population in the breakdowns that use those statistics (market_statistics).
WITH customer_rows AS (
    SELECT
        b.breakdown,
        t.own_city_code, t.own_age_band, t.own_sex, t.own_education, t.own_occupation,
        1 AS customers,
        CASE WHEN r.customer_id IS NULL THEN 0 ELSE 1 END AS buyers,
        COALESCE(v.revenue, 0) AS revenue,
        0 AS population
    FROM customer_traits AS t
    CROSS JOIN market_breakdowns AS b
    LEFT JOIN rfm_values AS r ON t.customer_id = r.customer_id AND r.role = 'current'
    LEFT JOIN pareto_values AS v ON t.customer_id = v.customer_id AND v.role = 'current'
),

population_rows_used AS (
    SELECT
        s.breakdown,
        g.own_city_code, g.own_age_band, g.own_sex, g.own_education, g.own_occupation,
        0 AS customers,
        0 AS buyers,
        CAST(0 AS DECIMAL(18, 2)) AS revenue,
        g.population
    FROM population_groups AS g
    INNER JOIN market_statistics AS s
        ON g.has_age = s.has_age AND g.has_sex = s.has_sex AND g.has_education = s.has_education
        AND g.has_occupation = s.has_occupation
),

both_sides AS (
    SELECT
        breakdown, own_city_code, own_age_band, own_sex, own_education, own_occupation, customers, buyers, revenue,
        population
    FROM customer_rows
    UNION ALL
    SELECT
        breakdown, own_city_code, own_age_band, own_sex, own_education, own_occupation, customers, buyers, revenue,
        population
    FROM population_rows_used
),

cells AS (
    SELECT
        breakdown, own_city_code, own_age_band, own_sex, own_education, own_occupation,
        CAST(SUM(customers) AS BIGINT) AS customers,
        CAST(SUM(buyers) AS BIGINT) AS buyers,
        CAST(SUM(revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(population) AS BIGINT) AS population
    FROM both_sides
    GROUP BY breakdown, own_city_code, own_age_band, own_sex, own_education, own_occupation
)

SELECT
    c.breakdown, g.city_code, g.age_band, g.sex, e.education, o.occupation, c.customers, c.buyers, c.revenue, c.population
FROM cells AS c
INNER JOIN folded_groups AS g
    ON c.own_city_code IS NOT DISTINCT FROM g.own_city_code
    AND c.own_age_band IS NOT DISTINCT FROM g.own_age_band
    AND c.own_sex IS NOT DISTINCT FROM g.own_sex
INNER JOIN folded_education AS e ON c.own_education IS NOT DISTINCT FROM e.own_education
INNER JOIN folded_occupation AS o ON c.own_occupation IS NOT DISTINCT FROM o.own_occupation
