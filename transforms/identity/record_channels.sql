-- One row per record and channel that touched it by as_of. Key: record_key, channel.
SELECT
    t.record_key,
    t.channel,
    MIN(t.event_on) AS first_on,
    MIN(CASE WHEN t.is_contact THEN t.event_on END) AS first_contact_on,
    MIN(CASE WHEN t.is_dealing THEN t.event_on END) AS first_dealing_on
FROM record_touches AS t
GROUP BY t.record_key, t.channel
