-- One row per customer: the first statement that told each field (its `ord`). Key: customer_id.
SELECT
    l.customer_id,
    MIN(CASE WHEN v.email IS NOT NULL THEN v.ord END) AS email,
    MIN(CASE WHEN v.phone IS NOT NULL THEN v.ord END) AS phone,
    MIN(CASE WHEN v.address IS NOT NULL THEN v.ord END) AS address,
    MIN(CASE WHEN v.city IS NOT NULL THEN v.ord END) AS city,
    MIN(CASE WHEN v.birth_date IS NOT NULL THEN v.ord END) AS birth_date,
    MIN(CASE WHEN v.sex IS NOT NULL THEN v.ord END) AS sex,
    MIN(CASE WHEN v.education IS NOT NULL THEN v.ord END) AS education,
    MIN(CASE WHEN v.occupation IS NOT NULL THEN v.ord END) AS occupation
FROM contact_versions AS v
INNER JOIN customer_links AS l ON l.record_key = v.record_key
GROUP BY l.customer_id
