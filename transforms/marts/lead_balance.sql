-- One row: every breakdown of the leads against the customers and their orders. Key: as_of.
-- difference adds up the disagreements in people and money and must be 0.
WITH everybody AS (
    SELECT
        (SELECT COUNT(*) FROM customers) AS leads,
        (SELECT COALESCE(SUM(net_revenue), 0) FROM orders WHERE customer_id IS NOT NULL) AS revenue,
        (SELECT COALESCE(SUM(margin), 0) FROM orders WHERE customer_id IS NOT NULL) AS margin
),

sums AS (
    SELECT breakdown, SUM(leads) AS leads, SUM(revenue) AS revenue, SUM(margin) AS margin
    FROM lead_sources
    GROUP BY breakdown
),

disagreements AS (
    SELECT CAST(
        COALESCE(SUM(
            ABS(COALESCE(s.leads, 0) - e.leads)
            + ABS(COALESCE(s.revenue, 0) - e.revenue)
            + ABS(COALESCE(s.margin, 0) - e.margin)
        ), 0) AS DECIMAL(18, 2)
    ) AS difference
    FROM lead_breakdowns AS b
    CROSS JOIN everybody AS e
    LEFT JOIN sums AS s ON b.breakdown = s.breakdown
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
