-- One row per record: its cluster after suspicious ones were taken apart. Key: record_key.
-- A re-cut part is numbered by the first record in it, in sorted order, like any other cluster.
WITH parts AS (
    SELECT representative, MIN(record_key) AS first_key
    FROM recut_records
    GROUP BY representative
)
SELECT
    r.record_key,
    COALESCE(p.first_key, first_of.first_key) AS cluster_no
FROM raw_clusters AS r
INNER JOIN (
    SELECT cluster_no, MIN(record_key) AS first_key FROM raw_clusters GROUP BY cluster_no
) AS first_of ON first_of.cluster_no = r.cluster_no
LEFT JOIN recut_records AS x ON x.record_key = r.record_key
LEFT JOIN parts AS p ON p.representative = x.representative
