-- One row per record of a cluster that holds conflicting facts or decisions. Key: record_key, nik, birth_date.
WITH facts AS (
    SELECT DISTINCT c.cluster_no, f.record_key, f.nik, f.birth_date
    FROM raw_clusters AS c
    INNER JOIN contact_facts AS f ON f.record_key = c.record_key
),
conflicting AS (
    SELECT cluster_no
    FROM facts
    GROUP BY cluster_no
    HAVING COUNT(DISTINCT nik) > 1 OR COUNT(DISTINCT birth_date) > 1
    UNION
    SELECT a.cluster_no
    FROM decisions AS d
    INNER JOIN raw_clusters AS a ON a.record_key = d.record_a
    INNER JOIN raw_clusters AS b ON b.record_key = d.record_b AND b.cluster_no = a.cluster_no
    WHERE d.decision = 'different'
)
SELECT c.cluster_no, c.record_key, f.nik, f.birth_date
FROM raw_clusters AS c
INNER JOIN conflicting AS x ON x.cluster_no = c.cluster_no
LEFT JOIN facts AS f ON f.record_key = c.record_key
