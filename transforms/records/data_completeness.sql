-- One row per channel, contract and field it maps: how much of it came, how much of that could be used.
-- Key: as_of, channel, contract, field.
-- Counts are those of accepted rows; what was unusable in rows that went to quarantine counts as invalid too.
WITH daily AS (
    SELECT
        c.channel,
        c.contract,
        c.mapping,
        c.measure,
        c.item,
        c.arrived AS arrived_on,
        days_between(c.arrived, p.as_of) AS age_days,
        SUM(c.n) AS n
    FROM row_counts AS c
    CROSS JOIN params AS p
    WHERE c.arrived <= p.as_of AND c.measure IN ('kept', 'filled', 'invalid')
    GROUP BY c.channel, c.contract, c.mapping, c.measure, c.item, c.arrived, p.as_of
),

row_sums AS (
    SELECT
        f.channel,
        f.contract,
        f.field,
        SUM(d.n) AS count_rows,
        SUM(CASE WHEN d.age_days < 30 THEN d.n ELSE 0 END) AS count_rows_30,
        SUM(CASE WHEN d.age_days BETWEEN 30 AND 59 THEN d.n ELSE 0 END) AS count_rows_before
    FROM mapped_fields AS f
    INNER JOIN daily AS d
        ON f.channel = d.channel AND f.contract = d.contract AND f.mapping = d.mapping AND d.measure = 'kept'
    GROUP BY f.channel, f.contract, f.field
),

field_sums AS (
    SELECT
        channel,
        contract,
        item AS field,
        SUM(CASE WHEN measure = 'filled' THEN n ELSE 0 END) AS count_filled,
        SUM(CASE WHEN measure = 'invalid' THEN n ELSE 0 END) AS count_invalid,
        SUM(CASE WHEN measure = 'filled' AND age_days < 30 THEN n ELSE 0 END) AS count_filled_30,
        SUM(CASE WHEN measure = 'filled' AND age_days BETWEEN 30 AND 59 THEN n ELSE 0 END) AS count_filled_before,
        MAX(CASE WHEN measure = 'filled' THEN arrived_on END) AS last_filled_on
    FROM daily
    WHERE measure IN ('filled', 'invalid')
    GROUP BY channel, contract, item
),

declared AS (
    SELECT channel, contract, field, MIN(family) AS family, MIN(purpose) AS purpose
    FROM mapped_fields
    GROUP BY channel, contract, field
)

SELECT
    p.as_of,
    d.channel,
    d.contract,
    d.field,
    d.family,
    d.purpose,
    CAST(COALESCE(r.count_rows, 0) AS BIGINT) AS count_rows,
    CAST(COALESCE(f.count_filled, 0) AS BIGINT) AS count_filled,
    CAST(COALESCE(f.count_invalid, 0) AS BIGINT) AS count_invalid,
    CAST(CAST(COALESCE(f.count_filled, 0) AS DOUBLE) / NULLIF(r.count_rows, 0) AS DECIMAL(7, 6)) AS share_filled,
    CAST(CAST(f.count_filled AS DOUBLE) / NULLIF(f.count_filled + f.count_invalid, 0) AS DECIMAL(7, 6)) AS share_valid,
    CAST(CAST(COALESCE(f.count_filled_30, 0) AS DOUBLE) / NULLIF(r.count_rows_30, 0) AS DECIMAL(7, 6))
        AS share_filled_30_days,
    CAST(CAST(COALESCE(f.count_filled_before, 0) AS DOUBLE) / NULLIF(r.count_rows_before, 0) AS DECIMAL(7, 6))
        AS share_filled_30_days_before,
    f.last_filled_on
FROM declared AS d
CROSS JOIN params AS p
LEFT JOIN row_sums AS r ON d.channel = r.channel AND d.contract = r.contract AND d.field = r.field
LEFT JOIN field_sums AS f ON d.channel = f.channel AND d.contract = f.contract AND d.field = f.field
