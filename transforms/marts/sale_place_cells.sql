-- One row per city of sale, NULL when unknown: the customers who bought there in the last two years. Key: city_code.
-- A customer counts in one city only, so that cells may be added up; a city whose customers all count elsewhere is
-- not shown by itself.
WITH buyers AS (
    SELECT
        o.city_code,
        o.customer_id,
        MIN(o.city_code) OVER (PARTITION BY o.customer_id) AS counts_in
    FROM orders AS o
    INNER JOIN sale_periods AS s
        ON s.period = 'year' AND o.ordered_on >= s.previous_starts_on AND o.ordered_on <= s.ends_on
    WHERE o.customer_id IS NOT NULL
    GROUP BY o.city_code, o.customer_id
),

counted AS (
    SELECT
        o.city_code,
        COUNT(DISTINCT CASE WHEN b.city_code = b.counts_in THEN b.customer_id END) AS people,
        COUNT(DISTINCT b.customer_id) AS customers
    FROM orders AS o
    LEFT JOIN buyers AS b ON o.city_code = b.city_code
    GROUP BY o.city_code
)

SELECT
    city_code,
    CASE WHEN people > 0 OR customers = 0 THEN city_code END AS own_city_code,
    people
FROM counted
