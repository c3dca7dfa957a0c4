-- One row per customer: the group that may be shown in tables for analysis. Key: customer_id.
SELECT t.customer_id, f.city_code, f.age_band, f.sex
FROM customer_traits AS t
INNER JOIN folded_groups AS f
    ON t.own_city_code IS NOT DISTINCT FROM f.own_city_code
    AND t.own_age_band IS NOT DISTINCT FROM f.own_age_band
    AND t.own_sex IS NOT DISTINCT FROM f.own_sex
