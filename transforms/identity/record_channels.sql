-- One row per record and channel that touched it by as_of. Key: record_key, channel.
SELECT t.record_key, t.channel, MIN(t.event_on) AS first_on
FROM record_touches AS t
GROUP BY t.record_key, t.channel
