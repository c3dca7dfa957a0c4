-- One row per channel, contract, measure and item: what came on as_of beside what usually comes.
-- Key: as_of, channel, contract, measure, item.
-- Measures, each against the days of the 56 before on which anything came (fewer than 7: state unknown):
--   rows        rows of the channel, repeats of known rows left out
--   filled      share of accepted rows in which a field is filled
--   level       mean logarithm of a number (0.7 more is twice as much, 2.3 ten times)
--   word        share of accepted rows that say one word of a vocabulary
--   quarantine  share of the rows read that went to quarantine
--   silence     days since anything came, against the longest gap of a year
-- Shares and means of fewer than 20 rows say nothing of a delivery and too much of people: they are left out.
-- Only what a file of that very day brought can be broken, so that a day made again and the days after it pass.
WITH known AS (
    SELECT
        c.channel,
        c.contract,
        c.mapping,
        c.measure,
        c.item,
        c.arrived AS arrived_on,
        CASE WHEN c.file_day = p.as_of THEN 1 ELSE 0 END AS is_delivered,
        c.n
    FROM row_counts AS c
    CROSS JOIN params AS p
    WHERE days_between(c.arrived, p.as_of) BETWEEN 0 AND 56
),

daily AS (
    SELECT channel, contract, mapping, measure, item, arrived_on, SUM(n) AS n, MAX(is_delivered) AS is_delivered
    FROM known
    GROUP BY channel, contract, mapping, measure, item, arrived_on
),

volumes AS (
    SELECT channel, arrived_on, MAX(n) AS weight, MAX(is_delivered) AS is_delivered
    FROM daily
    WHERE measure = 'new'
    GROUP BY channel, arrived_on
),

accepted AS (
    SELECT channel, contract, mapping, arrived_on, n AS weight, is_delivered
    FROM daily
    WHERE measure = 'kept'
),

contract_days AS (
    SELECT channel, contract, arrived_on, SUM(weight) AS weight, MAX(is_delivered) AS is_delivered
    FROM accepted
    GROUP BY channel, contract, arrived_on
),

faults AS (
    SELECT channel, contract, arrived_on, SUM(n) AS n
    FROM daily
    WHERE measure = 'fault'
    GROUP BY channel, contract, arrived_on
),

read_days AS (
    SELECT channel, contract, arrived_on, SUM(n) AS weight, MAX(is_delivered) AS is_delivered
    FROM daily
    WHERE measure = 'read'
    GROUP BY channel, contract, arrived_on
),

fillings AS (
    SELECT
        a.channel, a.contract, f.field AS item, a.arrived_on,
        SUM(a.weight) AS weight,
        SUM(COALESCE(d.n, 0)) AS n,
        MAX(a.is_delivered) AS is_delivered
    FROM accepted AS a
    INNER JOIN mapped_fields AS f
        ON a.channel = f.channel AND a.contract = f.contract AND a.mapping = f.mapping
    LEFT JOIN daily AS d
        ON a.channel = d.channel AND a.contract = d.contract AND a.mapping = d.mapping
        AND a.arrived_on = d.arrived_on AND d.measure = 'filled' AND d.item = f.field
    GROUP BY a.channel, a.contract, f.field, a.arrived_on
),

levels AS (
    SELECT
        channel, contract, item, arrived_on,
        SUM(CASE WHEN measure = 'numbers' THEN n ELSE 0 END) AS weight,
        SUM(CASE WHEN measure = 'logarithms' THEN n ELSE 0 END) AS n,
        MAX(is_delivered) AS is_delivered
    FROM daily
    WHERE measure IN ('numbers', 'logarithms')
    GROUP BY channel, contract, item, arrived_on
),

words AS (
    SELECT channel, contract, item, arrived_on, SUM(n) AS n
    FROM daily
    WHERE measure = 'words'
    GROUP BY channel, contract, item, arrived_on
),

seen_words AS (
    SELECT DISTINCT channel, contract, item
    FROM words
),

measured AS (
    SELECT
        channel, 'all' AS contract, 'rows' AS measure, 'all' AS item, arrived_on, is_delivered, weight,
        CAST(weight AS DOUBLE) AS value
    FROM volumes
    UNION ALL
    SELECT
        channel, contract, 'filled', item, arrived_on, is_delivered, weight,
        CAST(n AS DOUBLE) / NULLIF(weight, 0)
    FROM fillings
    UNION ALL
    SELECT
        channel, contract, 'level', item, arrived_on, is_delivered, weight,
        CAST(n AS DOUBLE) / NULLIF(weight * 1000000, 0)
    FROM levels
    UNION ALL
    SELECT
        a.channel, a.contract, 'word', s.item, a.arrived_on, a.is_delivered, a.weight,
        CAST(COALESCE(w.n, 0) AS DOUBLE) / NULLIF(a.weight, 0)
    FROM contract_days AS a
    INNER JOIN seen_words AS s ON a.channel = s.channel AND a.contract = s.contract
    LEFT JOIN words AS w
        ON a.channel = w.channel AND a.contract = w.contract AND s.item = w.item AND a.arrived_on = w.arrived_on
    UNION ALL
    SELECT
        r.channel, r.contract, 'quarantine', 'all', r.arrived_on, r.is_delivered, r.weight,
        CAST(COALESCE(f.n, 0) AS DOUBLE) / NULLIF(r.weight, 0)
    FROM read_days AS r
    LEFT JOIN faults AS f
        ON r.channel = f.channel AND r.contract = f.contract AND r.arrived_on = f.arrived_on
),

arrivals AS (
    SELECT DISTINCT c.channel, c.arrived AS arrived_on
    FROM row_counts AS c
    CROSS JOIN params AS p
    WHERE days_between(c.arrived, p.as_of) BETWEEN 0 AND 365
),

gaps AS (
    SELECT
        channel, arrived_on,
        days_between(LAG(arrived_on) OVER (PARTITION BY channel ORDER BY arrived_on), arrived_on) AS gap_days
    FROM arrivals
),

earlier AS (
    SELECT m.channel, m.contract, m.measure, m.item, m.arrived_on, m.value
    FROM measured AS m
    CROSS JOIN params AS p
    WHERE m.arrived_on < p.as_of AND m.value IS NOT NULL
    UNION ALL
    SELECT channel, 'all', 'silence', 'all', arrived_on, CAST(gap_days AS DOUBLE)
    FROM gaps
    WHERE gap_days IS NOT NULL
),

ranked AS (
    SELECT
        channel, contract, measure, item, value,
        ROW_NUMBER() OVER (PARTITION BY channel, contract, measure, item ORDER BY value, arrived_on) AS place,
        COUNT(*) OVER (PARTITION BY channel, contract, measure, item) AS count_days
    FROM earlier
),

usual AS (
    SELECT
        channel, contract, measure, item,
        MAX(count_days) AS count_days,
        MAX(CASE WHEN place = (count_days + 1) // 2 THEN value END) AS usual,
        MIN(value) AS lowest,
        MAX(value) AS highest
    FROM ranked
    GROUP BY channel, contract, measure, item
),

today AS (
    SELECT m.channel, m.contract, m.measure, m.item, m.is_delivered, m.value
    FROM measured AS m
    INNER JOIN params AS p ON m.arrived_on = p.as_of
    WHERE m.value IS NOT NULL AND (m.measure = 'rows' OR m.weight >= 20)
    UNION ALL
    SELECT
        a.channel, 'all', 'silence', 'all', 0,
        CAST(days_between(MAX(a.arrived_on), MAX(p.as_of)) AS DOUBLE)
    FROM arrivals AS a
    CROSS JOIN params AS p
    GROUP BY a.channel
),

compared AS (
    SELECT
        t.channel, t.contract, t.measure, t.item, t.is_delivered, t.value,
        COALESCE(u.count_days, 0) AS count_days,
        u.usual, u.lowest, u.highest,
        ABS(t.value - u.usual) AS difference,
        t.value < u.lowest OR t.value > u.highest AS is_outside
    FROM today AS t
    LEFT JOIN usual AS u
        ON t.channel = u.channel AND t.contract = u.contract AND t.measure = u.measure AND t.item = u.item
)

SELECT
    p.as_of,
    c.channel,
    c.contract,
    c.measure,
    c.item,
    CAST(c.value AS DECIMAL(18, 6)) AS value,
    CAST(c.usual AS DECIMAL(18, 6)) AS usual,
    CAST(c.lowest AS DECIMAL(18, 6)) AS lowest,
    CAST(c.highest AS DECIMAL(18, 6)) AS highest,
    CAST(c.count_days AS INTEGER) AS count_days,
    CASE
        WHEN c.count_days < 7 THEN 'unknown'
        WHEN c.measure = 'silence' THEN
            CASE WHEN c.value > 2 * c.highest AND c.value > 2 THEN 'unusual' ELSE 'usual' END
        WHEN c.measure = 'rows' THEN
            CASE
                WHEN c.is_delivered = 1 AND c.usual >= 40 AND c.value < 0.25 * c.lowest THEN 'broken'
                WHEN c.usual >= 20 AND (c.value < 0.5 * c.lowest OR c.value > 2 * c.highest) THEN 'unusual'
                ELSE 'usual'
            END
        WHEN NOT c.is_outside THEN 'usual'
        WHEN c.measure = 'filled' AND c.is_delivered = 1 AND c.usual >= 0.5 AND c.value < 0.25 * c.lowest THEN 'broken'
        WHEN c.measure = 'level' AND c.is_delivered = 1 AND c.difference > 3 THEN 'broken'
        WHEN c.measure = 'word' AND c.is_delivered = 1 AND c.difference > 0.8 THEN 'broken'
        WHEN c.measure = 'level' AND c.difference > 1.1 THEN 'unusual'
        WHEN c.measure IN ('filled', 'word') AND c.difference > 0.25 THEN 'unusual'
        WHEN c.measure = 'quarantine' AND c.value > c.highest + 0.05 THEN 'unusual'
        ELSE 'usual'
    END AS state
FROM compared AS c
CROSS JOIN params AS p
