-- One row per purchase day of the customers a hold-out looks at, with its cut-off and end. Key: customer_id, ordered_on.
-- Of many customers only every sample_step-th number is looked at.
SELECT
    d.customer_id,
    d.ordered_on,
    c.cutoff,
    add_days(c.cutoff, c.horizon_days) AS horizon_end
FROM order_days AS d
CROSS JOIN holdout AS c
WHERE d.is_purchase AND d.customer_id % NULLIF(c.sample_step, 0) = 0
