-- One row per contact of the window of contact pressure, numbered from the newest: of its customer and of its customer
-- and channel. Key: seq.
SELECT
    c.customer_id,
    c.seq,
    c.contacted_on,
    c.contact_channel,
    c.salesperson,
    c.campaign_id,
    add_days(c.contacted_on, s.window_days) AS forgotten_on,
    ROW_NUMBER() OVER (PARTITION BY c.customer_id ORDER BY c.contacted_on DESC, c.seq DESC) AS position,
    ROW_NUMBER() OVER (
        PARTITION BY c.customer_id, c.contact_channel ORDER BY c.contacted_on DESC, c.seq DESC
    ) AS channel_position
FROM contacts_made AS c
CROSS JOIN params AS p
CROSS JOIN contact_settings AS s
WHERE c.contacted_on > add_days(p.as_of, -s.window_days)
