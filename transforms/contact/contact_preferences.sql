-- One row per customer and channel of contact with a wish: the newest one. Key: customer_id, contact_channel.
-- Hours that nobody can read allow none: `are_hours_known` is FALSE then. Within the company's own hours, where it has
-- some; of hours over midnight those of the evening, if any. Nothing left: from and until are the same.
WITH wishes AS (
    SELECT
        l.customer_id,
        w.contact_channel,
        r.max_per_month,
        r.language,
        replace(replace(r.hours, '.', ':'), ' ', '') AS hours
    FROM preference_rows AS r
    CROSS JOIN params AS p
    INNER JOIN customer_links AS l ON l.record_key = r.record_key
    INNER JOIN contact_channels AS w ON r.channel IN (w.contact_channel, 'any')
    WHERE r.arrived <= p.as_of AND r.event_on <= p.as_of
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY l.customer_id, w.contact_channel
        ORDER BY version_ord(r.arrived, r.file_seq, r.line) DESC, r.mapping DESC
    ) = 1
),
parsed AS (
    SELECT
        customer_id,
        contact_channel,
        max_per_month,
        language,
        hours,
        regexp_matches(hours, '^([01]?[0-9]|2[0-4])(:[0-5][0-9])?-([01]?[0-9]|2[0-4])(:[0-5][0-9])?\z') AS is_readable,
        split_part(hours, '-', 1) AS first_hour,
        split_part(hours, '-', 2) AS last_hour
    FROM wishes
),
wished AS (
    SELECT
        customer_id,
        contact_channel,
        max_per_month,
        language,
        COALESCE(is_readable, TRUE) AS are_hours_known,
        CASE WHEN is_readable THEN
            lpad(split_part(first_hour, ':', 1), 2, '0') || ':' || COALESCE(NULLIF(split_part(first_hour, ':', 2), ''), '00')
        END AS wished_from,
        CASE WHEN is_readable THEN
            lpad(split_part(last_hour, ':', 1), 2, '0') || ':' || COALESCE(NULLIF(split_part(last_hour, ':', 2), ''), '00')
        END AS wished_until
    FROM parsed
),
bounded AS (
    SELECT
        w.customer_id,
        w.contact_channel,
        w.max_per_month,
        w.language,
        w.are_hours_known,
        w.wished_from,
        w.wished_until,
        s.hours_from,
        s.hours_until,
        s.hours_from IS NULL OR w.wished_from = w.wished_until AS is_as_wished,
        w.wished_from < w.wished_until OR w.wished_from < s.hours_until AS is_from_wish,
        w.wished_from > w.wished_until AND w.wished_from < s.hours_until AS is_till_close
    FROM wished AS w
    CROSS JOIN contact_settings AS s
)
SELECT
    customer_id,
    contact_channel,
    max_per_month,
    language,
    are_hours_known,
    CASE
        WHEN wished_from IS NULL OR is_as_wished THEN wished_from
        WHEN is_from_wish THEN GREATEST(wished_from, hours_from)
        ELSE hours_from
    END AS contact_from,
    CASE
        WHEN wished_from IS NULL OR is_as_wished THEN wished_until
        WHEN is_till_close THEN hours_until
        WHEN is_from_wish THEN GREATEST(LEAST(wished_until, hours_until), wished_from, hours_from)
        ELSE GREATEST(LEAST(wished_until, hours_until), hours_from)
    END AS contact_until
FROM bounded
