-- One row per customer cluster that lives with another. Key: cluster_no.
SELECT record_key AS cluster_no, keyed_int53('household ' || first_key) AS household_id
FROM household_components
