-- One row per customer and product family bought within the window of rfm. Key: as_of, customer_id, product_family.
-- MBG/NBD of the family (family_models; time in weeks): the chance that the customer still buys it, and from that the
-- day by which the next purchase has come, all counted from as_of, so that no day lies in the past. With a quantity
-- elasticity e, time runs slower by (last quantity / usual quantity)^e after the last purchase.
WITH paced AS (
    SELECT
        h.customer_id,
        h.product_family,
        h.last_on,
        h.x,
        m.r + h.x AS shape,
        m.alpha,
        m.a,
        m.b,
        CAST(h.t_x_days AS DOUBLE) / NULLIF(7, 0) AS t_x,
        CAST(h.T_days - h.t_x_days AS DOUBLE) / NULLIF(7, 0) AS silent,
        POWER(
            CAST(GREATEST(0.25, LEAST(4, COALESCE(h.quantity_ratio, 1))) AS DOUBLE), CAST(v.quantity_elasticity AS DOUBLE)
        ) AS slowness
    FROM family_history AS h
    INNER JOIN family_models AS m ON h.product_family = m.product_family
    INNER JOIN as_of_dates AS w ON w.role = 'current' AND h.last_on >= w.window_start
    CROSS JOIN value_settings AS v
),

clocked AS (
    SELECT
        customer_id, product_family, last_on, x, shape, slowness,
        alpha + t_x + CAST(silent AS DOUBLE) / NULLIF(slowness, 0) AS weeks,
        CAST(1 AS DOUBLE) / NULLIF(1 + EXP(LEAST(
            700,
            LN(a) - LN(b + x)
            + shape * (LN(alpha + t_x + CAST(silent AS DOUBLE) / NULLIF(slowness, 0)) - LN(alpha + t_x))
        )), 0) AS p_alive
    FROM paced
),

-- The logarithm of (weeks until the quantile + weeks) / weeks, NULL where the purchase may never become so likely.
quantiles AS (
    SELECT
        customer_id, product_family, last_on, x, p_alive, slowness, weeks, shape,
        CASE
            WHEN p_alive > 0.25
                THEN -LN(1 - CAST(0.25 AS DOUBLE) / NULLIF(p_alive, 0)) * (CAST(1 AS DOUBLE) / NULLIF(shape, 0))
        END AS log_p25,
        CASE
            WHEN p_alive > 0.5
                THEN -LN(1 - CAST(0.5 AS DOUBLE) / NULLIF(p_alive, 0)) * (CAST(1 AS DOUBLE) / NULLIF(shape, 0))
        END AS log_p50,
        CASE
            WHEN p_alive > 0.75
                THEN -LN(1 - CAST(0.75 AS DOUBLE) / NULLIF(p_alive, 0)) * (CAST(1 AS DOUBLE) / NULLIF(shape, 0))
        END AS log_p75
    FROM clocked
),

-- Days from as_of, at least one; NULL beyond a century.
ahead AS (
    SELECT
        customer_id, product_family, last_on, x, p_alive, slowness, weeks, shape,
        CASE WHEN log_p25 < 20 THEN CEIL(7 * slowness * weeks * (EXP(log_p25) - 1)) END AS days_p25,
        CASE WHEN log_p50 < 20 THEN CEIL(7 * slowness * weeks * (EXP(log_p50) - 1)) END AS days_p50,
        CASE WHEN log_p75 < 20 THEN CEIL(7 * slowness * weeks * (EXP(log_p75) - 1)) END AS days_p75
    FROM quantiles
),

dated AS (
    SELECT
        p.as_of,
        q.customer_id, q.product_family, q.last_on, q.x, q.p_alive, q.slowness, q.weeks, q.shape,
        CASE WHEN q.days_p25 <= 3650 THEN add_days(p.as_of, GREATEST(1, CAST(q.days_p25 AS INTEGER))) END AS run_out_p25,
        CASE WHEN q.days_p50 <= 3650 THEN add_days(p.as_of, GREATEST(1, CAST(q.days_p50 AS INTEGER))) END AS run_out_date,
        CASE WHEN q.days_p75 <= 3650 THEN add_days(p.as_of, GREATEST(1, CAST(q.days_p75 AS INTEGER))) END AS run_out_p75
    FROM ahead AS q
    CROSS JOIN params AS p
)

SELECT
    d.as_of,
    d.customer_id,
    d.product_family,
    d.last_on AS last_purchase,
    CAST(d.x + 1 AS INTEGER) AS purchases,
    d.run_out_date,
    d.run_out_p25,
    d.run_out_p75,
    CAST(d.p_alive * (1 - EXP(
        -d.shape * LN(1 + CAST(2 AS DOUBLE) / NULLIF(d.slowness * d.weeks, 0))
    )) AS DECIMAL(7, 6)) AS p_reorder_14,
    CAST(d.p_alive * (1 - EXP(
        -d.shape * LN(1 + CAST(30 AS DOUBLE) / NULLIF(7 * d.slowness * d.weeks, 0))
    )) AS DECIMAL(7, 6)) AS p_reorder_30,
    CASE
        WHEN d.run_out_date IS NOT NULL
            THEN GREATEST(add_days(d.run_out_date, -v.runout_lead_days), add_days(d.as_of, 1))
    END AS remind_on,
    CASE
        WHEN d.x >= 3 AND d.run_out_p75 IS NOT NULL THEN 'high'
        WHEN d.x >= 1 AND d.run_out_date IS NOT NULL THEN 'medium'
        ELSE 'low'
    END AS confidence,
    CAST(d.p_alive AS DECIMAL(7, 6)) AS p_alive
FROM dated AS d
CROSS JOIN value_settings AS v
