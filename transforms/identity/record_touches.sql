-- One row per row of any contract that names a record, visible at as_of. No key: rows may repeat.
-- `anchor_ord` orders them by (received order, arrived).
WITH touches AS (
    SELECT record_key, channel, arrived, event_on, file_batch FROM contact_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch FROM order_line_rows
    UNION ALL
    SELECT record_key, source_channel AS channel, arrived, event_on, file_batch FROM interaction_rows
    UNION ALL
    SELECT record_key, source_channel AS channel, arrived, event_on, file_batch FROM consent_rows
    UNION ALL
    SELECT record_key, source_channel AS channel, arrived, event_on, file_batch FROM preference_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch FROM loyalty_event_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch FROM delivery_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch FROM campaign_target_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch FROM premium_rows
)
SELECT
    t.record_key,
    t.channel,
    t.event_on,
    CAST(t.file_batch AS BIGINT) * 1000000 + days_between(DATE '1900-01-01', t.arrived) AS anchor_ord
FROM touches AS t
CROSS JOIN params AS p
WHERE t.record_key IS NOT NULL AND t.arrived <= p.as_of AND t.event_on <= p.as_of
