-- One row per number of repeat purchases and mean margin of one. Key: x, mean_value.
SELECT
    x,
    mean_repeat_margin AS mean_value,
    CAST(COUNT(*) AS BIGINT) AS n
FROM purchase_history
WHERE x > 0
GROUP BY x, mean_repeat_margin
