-- One row per customer and company it names. Key: company_key, customer_id, channel.
-- A company is told by its name without its legal form; a name that more than a hundred customers give says too
-- little. decides: the newest statement of the customer in the channel says it takes the buying decisions.
WITH told AS (
    SELECT
        r.record_key,
        r.channel,
        r.company,
        r.event_on,
        COALESCE(r.decision_maker, FALSE) AS decides,
        version_ord(r.arrived, r.file_seq, r.line) AS ord
    FROM contact_rows AS r
    CROSS JOIN params AS p
    WHERE r.company IS NOT NULL AND r.arrived <= p.as_of AND r.event_on <= p.as_of
),
keyed AS (
    SELECT
        company,
        trim(regexp_replace(
            concat(' ', regexp_replace(lower(fold_accents(company)), '[^\p{L}\p{M}0-9]+', '  ', 'g'), ' '),
            ' (?:pt|cv|ud|pd|tbk|persero|tb|fa|inc|ltd|llc|co|corp|gmbh|bv|sdn|bhd) ',
            ' ',
            'g'
        )) AS spaced_key
    FROM (SELECT DISTINCT company FROM told) AS written
),
members AS (
    SELECT
        replace(k.spaced_key, '  ', ' ') AS company_key,
        l.customer_id,
        t.channel,
        MIN(t.event_on) AS first_on,
        MAX(t.event_on) AS last_on,
        CAST(COUNT(*) AS BIGINT) AS count_events,
        arg_max(t.decides, t.ord) AS decides
    FROM told AS t
    INNER JOIN keyed AS k ON k.company = t.company
    INNER JOIN customer_links AS l ON l.record_key = t.record_key
    WHERE k.spaced_key <> ''
    GROUP BY company_key, l.customer_id, t.channel
),
known AS (
    SELECT company_key
    FROM members
    GROUP BY company_key
    HAVING COUNT(DISTINCT customer_id) BETWEEN 2 AND 100
)
SELECT m.company_key, m.customer_id, m.channel, m.first_on, m.last_on, m.count_events, m.decides
FROM members AS m
INNER JOIN known AS k ON k.company_key = m.company_key
