-- One row per as_of and customer whose orders of the window come to nothing or less, in revenue or in profit. Key: as_of,
-- customer_id.
-- Those without revenue above zero are not ranked in pareto; those with revenue and a loss are.
SELECT
    v.as_of,
    v.customer_id,
    v.revenue,
    v.profit,
    v.revenue > 0 AS is_ranked
FROM pareto_values AS v
WHERE v.role = 'current' AND (v.revenue <= 0 OR v.profit <= 0)
