-- One row per as_of, measure and score: the cut points today's scores use. Key: as_of, measure, score.
SELECT
    w.as_of,
    f.fit_day,
    f.measure,
    CAST(f.score AS INTEGER) AS score,
    CAST(f.lower_bound AS DECIMAL(18, 2)) AS lower_bound
FROM as_of_dates AS w
INNER JOIN rfm_cutpoint_fits AS f ON w.fit_day = f.fit_day
WHERE w.role = 'current'
