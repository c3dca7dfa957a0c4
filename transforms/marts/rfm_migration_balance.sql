-- One row: the flows between segments against both of their ends. Key: as_of.
-- difference adds up all disagreements, per segment, in customers and in money, and must be 0: the flows by
-- to_segment against today's rfm, the flows by from_segment against the standing of the previous month-end.
WITH both_sides AS (
    SELECT 'today' AS side, segment, 1 AS customers, monetary AS revenue
    FROM rfm
    UNION ALL
    SELECT 'today' AS side, to_segment AS segment, -customers AS customers, -revenue AS revenue
    FROM rfm_migration
    WHERE flow <> 'lost'
    UNION ALL
    SELECT 'before' AS side, segment, 1 AS customers, monetary AS revenue
    FROM rfm_standings
    WHERE role = 'previous'
    UNION ALL
    SELECT 'before' AS side, from_segment AS segment, -customers AS customers, -previous_revenue AS revenue
    FROM rfm_migration
    WHERE flow NOT IN ('new', 'returned')
),

unmatched AS (
    SELECT side, segment, SUM(customers) AS customers, SUM(revenue) AS revenue
    FROM both_sides
    GROUP BY side, segment
),

disagreements AS (
    SELECT CAST(COALESCE(SUM(ABS(customers)), 0) + COALESCE(SUM(ABS(revenue)), 0) AS DECIMAL(18, 2)) AS difference
    FROM unmatched
)

SELECT p.as_of, d.difference
FROM params AS p
CROSS JOIN disagreements AS d
