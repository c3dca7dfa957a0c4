-- One row per customer, purpose and channel of contact: until when each hindrance lasts (9999-12-31: nobody knows),
-- NULL where there is none. Key: customer_id, purpose, contact_channel.
-- What a purpose without consent serves the customer asked for: neither a complaint nor a cap stands in its way.
WITH people AS (
    SELECT
        c.customer_id,
        c.is_placeholder,
        c.has_open_complaint,
        CASE WHEN t.own_age_band = 'under 18' THEN CAST(f.birth_date + INTERVAL 18 YEAR AS DATE) END AS adult_on
    FROM customers AS c
    INNER JOIN customer_traits AS t ON t.customer_id = c.customer_id
    INNER JOIN customer_profile AS f ON f.customer_id = c.customer_id
),
asked AS (
    SELECT
        c.customer_id,
        c.is_placeholder,
        c.has_open_complaint,
        c.adult_on,
        p.purpose,
        p.needs_consent,
        w.contact_channel,
        w.position
    FROM people AS c
    CROSS JOIN contact_purposes AS p
    CROSS JOIN contact_channels AS w
)
SELECT
    a.customer_id,
    a.purpose,
    a.contact_channel,
    a.position,
    b.ends_on AS blacklisted,
    CASE WHEN a.is_placeholder THEN DATE '9999-12-31' END AS fake,
    a.adult_on AS child,
    CASE WHEN NOT s.is_granted THEN DATE '9999-12-31' END AS withdrawn,
    CASE
        WHEN w.stated_on > s.stated_on OR (w.stated_on = s.stated_on AND w.standing >= s.standing) OR s.stated_on IS NULL
            THEN CASE WHEN w.address IS NOT NULL THEN DATE '9999-12-31' END
    END AS suppressed,
    CASE WHEN a.needs_consent AND s.is_granted IS NULL THEN DATE '9999-12-31' END AS no_consent,
    CASE WHEN d.address IS NULL THEN DATE '9999-12-31' END AS no_valid_address,
    CASE WHEN a.needs_consent AND a.has_open_complaint THEN DATE '9999-12-31' END AS complaint,
    CASE WHEN a.needs_consent AND (f.max_per_month = 0 OR m.max_per_channel = 0 OR m.max_contacts = 0)
        THEN DATE '9999-12-31' END AS declined,
    CASE WHEN f.are_hours_known IS FALSE OR f.contact_from = f.contact_until THEN DATE '9999-12-31' END AS quiet_hours,
    CASE WHEN a.needs_consent THEN r.ends_on END AS pressure,
    COALESCE(f.contact_from, m.hours_from) AS contact_from,
    COALESCE(f.contact_until, m.hours_until) AS contact_until,
    f.language
FROM asked AS a
CROSS JOIN contact_settings AS m
LEFT JOIN blacklisted_customers AS b ON b.customer_id = a.customer_id AND b.contact_channel = a.contact_channel
LEFT JOIN customer_consents AS s
    ON s.customer_id = a.customer_id AND s.purpose = a.purpose AND s.contact_channel = a.contact_channel
LEFT JOIN contact_addresses AS d ON d.customer_id = a.customer_id AND d.contact_channel = a.contact_channel
LEFT JOIN withdrawn_addresses AS w
    ON w.purpose = a.purpose AND w.contact_channel = a.contact_channel AND w.address = d.address
LEFT JOIN contact_preferences AS f ON f.customer_id = a.customer_id AND f.contact_channel = a.contact_channel
LEFT JOIN pressed_customers AS r ON r.customer_id = a.customer_id AND r.contact_channel = a.contact_channel
