-- One row per as_of, month of the window with a customer's value above zero, and measure. Key: as_of, month, measure.
SELECT
    w.as_of,
    CAST(c.item AS DATE) AS month,
    c.measure,
    c.customers,
    c.gini,
    c.hhi,
    c.top_10_share,
    c.top_20_share,
    CAST(c.item AS DATE) >= w.window_start
    AND month_start(add_days(CAST(c.item AS DATE), 31)) <= add_days(w.as_of, 1) AS is_complete
FROM concentrations AS c
INNER JOIN as_of_dates AS w ON w.role = 'current'
WHERE c.dimension = 'month'
