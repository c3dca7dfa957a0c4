-- One row per customer and channel of contact with a wish: the newest one. Key: customer_id, contact_channel.
-- Hours that nobody can read allow none: `are_hours_known` is FALSE then.
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
)
SELECT
    customer_id,
    contact_channel,
    max_per_month,
    language,
    COALESCE(is_readable, TRUE) AS are_hours_known,
    CASE WHEN is_readable THEN
        lpad(split_part(first_hour, ':', 1), 2, '0') || ':' || COALESCE(NULLIF(split_part(first_hour, ':', 2), ''), '00')
    END AS contact_from,
    CASE WHEN is_readable THEN
        lpad(split_part(last_hour, ':', 1), 2, '0') || ':' || COALESCE(NULLIF(split_part(last_hour, ':', 2), ''), '00')
    END AS contact_until
FROM parsed
