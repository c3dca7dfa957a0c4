-- One row per premium of a customer that fell due or was paid. Key: seq.
-- A premium paid by as_of shows on the day it was paid, any other on the day it fell due.
WITH versions AS (
    SELECT
        r.channel,
        r.policy_id,
        r.due_on,
        r.record_key,
        CASE WHEN r.paid_on <= p.as_of THEN r.paid_on END AS paid_on,
        r.amount,
        row_seq(r.file_seq, r.line, r.mapping) AS seq,
        version_ord(r.arrived, r.file_seq, r.line) AS ord
    FROM premium_rows AS r
    CROSS JOIN params AS p
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of AND r.record_key IS NOT NULL
),
latest AS (
    SELECT
        channel,
        policy_id,
        due_on,
        arg_max(record_key, ord) AS record_key,
        arg_max(paid_on, ord) AS paid_on,
        arg_max(amount, ord) AS amount,
        MAX(seq) AS seq
    FROM versions
    GROUP BY channel, policy_id, due_on
)
SELECT
    l.customer_id,
    COALESCE(r.paid_on, r.due_on) AS touched_on,
    r.seq,
    r.channel,
    CASE WHEN r.paid_on IS NULL THEN 'premium_due' ELSE 'premium_paid' END AS touch,
    CAST(r.amount AS DECIMAL(18, 2)) AS amount
FROM latest AS r
CROSS JOIN params AS p
INNER JOIN customer_links AS l ON l.record_key = r.record_key
WHERE COALESCE(r.paid_on, r.due_on) <= p.as_of
