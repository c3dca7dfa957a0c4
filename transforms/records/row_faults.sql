-- One row per channel, contract and row rule that rows broke by as_of. Key: as_of, channel, contract, rule, field.
-- Rules of severity error put the row into quarantine; those of severity warn let it pass.
WITH broken AS (
    SELECT
        c.channel,
        c.contract,
        CASE WHEN c.measure = 'fault' THEN split_part(c.item, '|', 1) ELSE c.item END AS rule,
        CASE WHEN c.measure = 'fault' THEN split_part(c.item, '|', 2) ELSE '' END AS field,
        CASE WHEN c.measure = 'fault' THEN 'error' ELSE 'warn' END AS severity,
        c.arrived AS arrived_on,
        c.n,
        p.as_of
    FROM row_counts AS c
    CROSS JOIN params AS p
    WHERE c.arrived <= p.as_of AND c.measure IN ('fault', 'warned')
)

SELECT
    as_of,
    channel,
    contract,
    rule,
    field,
    severity,
    CAST(SUM(n) AS BIGINT) AS count_rows,
    CAST(SUM(CASE WHEN arrived_on = as_of THEN n ELSE 0 END) AS BIGINT) AS count_rows_today,
    MIN(arrived_on) AS first_on,
    MAX(arrived_on) AS last_on
FROM broken
GROUP BY as_of, channel, contract, rule, field, severity
