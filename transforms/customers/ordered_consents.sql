-- One row per statement on consent, with where it stands in time. Key: record_key, channel, stated_at, purpose,
-- contact_channel.
-- The newest (stated_on, standing) counts, of one moment the withdrawal. A withdrawal without a time of day stands at
-- the end of its day and beats every grant of it: nobody knows which came first.
SELECT
    c.record_key,
    c.channel,
    c.purpose,
    c.contact_channel,
    c.stated_on,
    c.stated_at,
    c.is_granted,
    c.text_version,
    c.proof,
    CASE
        WHEN c.is_granted THEN c.stated_at
        WHEN to_local(c.stated_at, p.timezone) = CAST(c.stated_on AS TIMESTAMP) THEN add_minutes(c.stated_at, 1440)
        ELSE c.stated_at
    END AS standing
FROM consent_statements AS c
CROSS JOIN params AS p
