-- One row per customer with a purchase and dimension: the group that clv_groups counts the customer in.
-- Key: customer_id, dimension.
-- Groups of fewer than five customers are counted together as other; should those be fewer than five still, the next
-- smallest group of the dimension is with them. Cities are those of customers, small ones pooled by province first.
WITH members AS (
    SELECT customer_id, 'all' AS dimension, 'all' AS item
    FROM purchase_history
    UNION ALL
    SELECT h.customer_id, 'segment' AS dimension, COALESCE(r.segment, 'outside_window') AS item
    FROM purchase_history AS h
    LEFT JOIN rfm AS r ON h.customer_id = r.customer_id
    UNION ALL
    SELECT h.customer_id, 'city' AS dimension, COALESCE(f.city_code, 'other') AS item
    FROM purchase_history AS h
    LEFT JOIN customers AS c ON h.customer_id = c.customer_id
    INNER JOIN folded_buyer_places AS f ON c.city_code IS NOT DISTINCT FROM f.own_city_code
    UNION ALL
    SELECT h.customer_id, 'acquisition_source' AS dimension, COALESCE(c.acquisition_source, 'unknown') AS item
    FROM purchase_history AS h
    LEFT JOIN customers AS c ON h.customer_id = c.customer_id
    UNION ALL
    SELECT h.customer_id, 'cohort_month' AS dimension, left(CAST(h.first_on AS VARCHAR), 7) AS item
    FROM purchase_history AS h
),

sizes AS (
    SELECT dimension, item, COUNT(*) AS customers
    FROM members
    GROUP BY dimension, item
),

ranked AS (
    SELECT
        dimension,
        item,
        customers,
        SUM(customers) OVER (
            PARTITION BY dimension ORDER BY customers, item ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - customers AS smaller
    FROM sizes
)

SELECT
    m.customer_id,
    m.dimension,
    CASE
        WHEN m.dimension = 'all' THEN m.item
        WHEN r.customers < 5 OR r.smaller BETWEEN 1 AND 4 THEN 'other'
        ELSE m.item
    END AS item
FROM members AS m
INNER JOIN ranked AS r ON m.dimension = r.dimension AND m.item = r.item
