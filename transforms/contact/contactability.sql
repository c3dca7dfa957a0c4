-- One row per as_of, customer, purpose and channel of contact: whether contact is allowed. Key: as_of, customer_id,
-- purpose, contact_channel.
-- The first hindrance is the reason; all of them must end before contact is allowed again.
WITH judged AS (
    SELECT
        h.customer_id,
        h.purpose,
        h.contact_channel,
        h.contact_from,
        h.contact_until,
        h.language,
        CASE
            WHEN h.blacklisted IS NOT NULL THEN 'blacklisted'
            WHEN h.fake IS NOT NULL THEN 'fake'
            WHEN h.child IS NOT NULL THEN 'child'
            WHEN h.withdrawn IS NOT NULL THEN 'withdrawn'
            WHEN h.suppressed IS NOT NULL THEN 'suppressed'
            WHEN h.no_consent IS NOT NULL THEN 'no_consent'
            WHEN h.no_valid_address IS NOT NULL THEN 'no_valid_address'
            WHEN h.complaint IS NOT NULL THEN 'complaint'
            WHEN h.declined IS NOT NULL THEN 'declined'
            WHEN h.quiet_hours IS NOT NULL THEN 'quiet_hours'
            WHEN h.pressure IS NOT NULL THEN 'pressure'
        END AS reason,
        GREATEST(
            h.blacklisted, h.fake, h.child, h.withdrawn, h.suppressed, h.no_consent, h.no_valid_address, h.complaint,
            h.declined, h.quiet_hours, h.pressure
        ) AS ends_on
    FROM contact_hindrances AS h
)
SELECT
    p.as_of,
    j.customer_id,
    j.purpose,
    j.contact_channel,
    j.reason IS NULL AS is_allowed,
    j.reason,
    CASE WHEN j.reason IS NULL THEN p.as_of ELSE NULLIF(j.ends_on, DATE '9999-12-31') END AS allowed_from,
    j.contact_from,
    j.contact_until,
    j.language
FROM judged AS j
CROSS JOIN params AS p
