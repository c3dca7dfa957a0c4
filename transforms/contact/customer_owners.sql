-- One row per as_of and customer somebody looks after: the salesperson who has dealt with the customer for longest without
-- a pause of more than owner_days. Key: as_of, customer_id.
-- So nobody takes a customer over by calling; who has an owner keeps that owner until the owner falls silent.
WITH paused AS (
    SELECT
        t.customer_id,
        t.salesperson,
        t.touched_on,
        t.count_dealings,
        s.owner_days,
        COALESCE(t.touched_on > add_days(LAG(t.touched_on) OVER (
            PARTITION BY t.customer_id, t.salesperson ORDER BY t.touched_on
        ), s.owner_days), TRUE) AS is_start
    FROM owner_touches AS t
    CROSS JOIN contact_settings AS s
),
numbered AS (
    SELECT
        *,
        SUM(CAST(is_start AS INTEGER)) OVER (
            PARTITION BY customer_id, salesperson ORDER BY touched_on
        ) AS spell_no
    FROM paused
),
spells AS (
    SELECT
        customer_id,
        salesperson,
        MIN(touched_on) AS owned_since,
        MAX(touched_on) AS last_touch_on,
        add_days(MAX(touched_on), MAX(owner_days)) AS owned_until,
        CAST(SUM(count_dealings) AS INTEGER) AS count_touches
    FROM numbered
    GROUP BY customer_id, salesperson, spell_no
),
ranked AS (
    SELECT
        s.*,
        p.as_of,
        ROW_NUMBER() OVER (
            PARTITION BY s.customer_id
            ORDER BY s.owned_since, s.count_touches DESC, s.last_touch_on DESC, s.salesperson
        ) AS position,
        CAST(COUNT(*) OVER (PARTITION BY s.customer_id) AS INTEGER) - 1 AS count_others
    FROM spells AS s
    CROSS JOIN params AS p
    WHERE s.owned_until >= p.as_of
)
SELECT as_of, customer_id, salesperson AS owner, owned_since, last_touch_on, owned_until, count_touches, count_others
FROM ranked
WHERE position = 1
