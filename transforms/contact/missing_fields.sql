-- One row per customer and field worth asking for that is not known. Key: customer_id, field.
-- Only fields that some channel delivers: what is registered for no use is not asked for.
WITH asked AS (
    SELECT DISTINCT field
    FROM mapped_fields
    WHERE contract = 'contacts'
),
unknown AS (
    SELECT customer_id, 'email' AS field FROM customer_profile WHERE email IS NULL
    UNION ALL
    SELECT customer_id, 'phone' FROM customer_profile WHERE phone IS NULL
    UNION ALL
    SELECT customer_id, 'address' FROM customer_profile WHERE address IS NULL
    UNION ALL
    SELECT customer_id, 'city' FROM customer_profile WHERE city IS NULL
    UNION ALL
    SELECT customer_id, 'birth_date' FROM customer_profile WHERE birth_date IS NULL
    UNION ALL
    SELECT customer_id, 'sex' FROM customer_profile WHERE sex IS NULL
    UNION ALL
    SELECT customer_id, 'education' FROM customer_profile WHERE education IS NULL
    UNION ALL
    SELECT customer_id, 'occupation' FROM customer_profile WHERE occupation IS NULL
)
SELECT u.customer_id, u.field
FROM unknown AS u
INNER JOIN asked AS a ON a.field = u.field
