-- One row per row of any contract that names a record, visible at as_of. No key: rows may repeat.
-- `anchor_ord` orders them by (received order, arrived). A contact says who somebody is; a dealing is an order, a
-- delivery, a campaign ...; consents and preferences are neither.
WITH touches AS (
    SELECT record_key, channel, arrived, event_on, file_batch, TRUE AS is_contact, FALSE AS is_dealing
    FROM contact_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM order_line_rows
    UNION ALL
    SELECT
        record_key, source_channel AS channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM interaction_rows
    UNION ALL
    SELECT
        record_key, source_channel AS channel, arrived, event_on, file_batch, FALSE AS is_contact, FALSE AS is_dealing
    FROM consent_rows
    UNION ALL
    SELECT
        record_key, source_channel AS channel, arrived, event_on, file_batch, FALSE AS is_contact, FALSE AS is_dealing
    FROM preference_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM loyalty_event_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM delivery_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM campaign_target_rows
    UNION ALL
    SELECT record_key, channel, arrived, event_on, file_batch, FALSE AS is_contact, TRUE AS is_dealing
    FROM premium_rows
)
SELECT
    t.record_key,
    t.channel,
    t.event_on,
    t.is_contact,
    t.is_dealing,
    CAST(t.file_batch AS BIGINT) * 1000000 + days_between(DATE '1900-01-01', t.arrived) AS anchor_ord
FROM touches AS t
CROSS JOIN params AS p
WHERE t.record_key IS NOT NULL AND t.arrived <= p.as_of AND t.event_on <= p.as_of
