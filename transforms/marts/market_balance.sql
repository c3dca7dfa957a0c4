-- One row: every breakdown of the market against the customers and their revenue in the window. Key: as_of.
-- difference adds up the disagreements in customers, buyers and money and must be 0.
WITH everybody AS (
    SELECT
        (SELECT COUNT(*) FROM customer_profile) AS customers,
        (SELECT COUNT(*) FROM rfm_values WHERE role = 'current') AS buyers,
        (SELECT COALESCE(SUM(revenue), 0) FROM pareto_values WHERE role = 'current') AS revenue
),

sums AS (
    SELECT breakdown, SUM(customers) AS customers, SUM(buyers) AS buyers, SUM(revenue) AS revenue
    FROM market_potential
    GROUP BY breakdown
),

disagreements AS (
    SELECT CAST(
        COALESCE(SUM(
            ABS(COALESCE(s.customers, 0) - e.customers)
            + ABS(COALESCE(s.buyers, 0) - e.buyers)
            + ABS(COALESCE(s.revenue, 0) - e.revenue)
        ), 0) AS DECIMAL(18, 2)
    ) AS difference
    FROM market_breakdowns AS b
    CROSS JOIN everybody AS e
    LEFT JOIN sums AS s ON b.breakdown = s.breakdown
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
