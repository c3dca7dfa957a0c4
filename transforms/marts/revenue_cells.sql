-- One row per number of repeat purchases and mean revenue of one, at the cut. Key: x, mean_value.
WITH means AS (
    SELECT
        x,
        CAST(CAST(repeat_revenue AS DOUBLE) / CAST(NULLIF(x, 0) AS DOUBLE) AS DECIMAL(18, 4)) AS mean_value
    FROM outlook_histories
    WHERE x > 0
)

SELECT x, mean_value, CAST(COUNT(*) AS BIGINT) AS n
FROM means
GROUP BY x, mean_value
