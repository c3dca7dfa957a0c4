-- One row per customer of whom it is known: the category that made the lead a customer. Key: customer_id.
-- It is the one most was spent on on the first purchase day; of who has not bought, the one offered at the event the
-- lead came to, where that offered one alone.
WITH bought AS (
    SELECT c.customer_id, l.category
    FROM customers AS c
    INNER JOIN order_lines AS l
        ON c.customer_id = l.customer_id AND c.first_purchase_on = l.ordered_on
    WHERE l.category IS NOT NULL AND l.status = 'completed'
    GROUP BY c.customer_id, l.category
    QUALIFY ROW_NUMBER() OVER (PARTITION BY c.customer_id ORDER BY SUM(l.net_revenue) DESC, l.category) = 1
),

offered AS (
    SELECT event, MIN(offer_category) AS category
    FROM visible_campaigns
    WHERE event IS NOT NULL
    GROUP BY event
    HAVING COUNT(DISTINCT offer_category) = 1
)

SELECT c.customer_id, COALESCE(b.category, o.category) AS own_product
FROM customers AS c
LEFT JOIN bought AS b ON c.customer_id = b.customer_id
LEFT JOIN offered AS o ON c.acquisition_event = o.event AND c.first_purchase_on IS NULL
WHERE b.category IS NOT NULL OR o.category IS NOT NULL
