-- One row per customer and product family at as_of: the purchase days of that family. Key: customer_id, product_family.
-- x counts those after the first. quantity_ratio: what was taken last beside the mean of all its days, NULL when unknown.
WITH placed AS (
    SELECT
        customer_id,
        product_family,
        ordered_on,
        quantity,
        ROW_NUMBER() OVER (PARTITION BY customer_id, product_family ORDER BY ordered_on DESC) AS place_from_last
    FROM family_days
),

histories AS (
    SELECT
        customer_id,
        product_family,
        MIN(ordered_on) AS first_on,
        MAX(ordered_on) AS last_on,
        COUNT(*) AS count_days,
        MAX(CASE WHEN place_from_last = 1 THEN quantity END) AS last_quantity,
        SUM(quantity) AS quantity,
        COUNT(quantity) AS count_quantities
    FROM placed
    GROUP BY customer_id, product_family
)

SELECT
    h.customer_id,
    h.product_family,
    h.last_on,
    CAST(h.count_days - 1 AS INTEGER) AS x,
    days_between(h.first_on, h.last_on) AS t_x_days,
    days_between(h.first_on, p.as_of) AS T_days,
    CAST(
        CAST(h.last_quantity AS DOUBLE) * h.count_quantities / CAST(NULLIF(h.quantity, 0) AS DOUBLE) AS DECIMAL(12, 6)
    ) AS quantity_ratio
FROM histories AS h
CROSS JOIN params AS p
