-- One row per record with an open complaint at as_of. Key: record_key.
WITH versions AS (
    SELECT
        i.record_key,
        i.is_open,
        i.type,
        ROW_NUMBER() OVER (
            PARTITION BY i.record_key, i.source_channel, COALESCE(i.note_id, CAST(i.at AS VARCHAR))
            ORDER BY i.arrived DESC, i.file_seq DESC, i.line DESC
        ) AS position
    FROM interaction_rows AS i
    CROSS JOIN params AS p
    WHERE i.arrived <= p.as_of AND i.event_on <= p.as_of
)
SELECT DISTINCT record_key
FROM versions
WHERE position = 1 AND is_open AND type IN ('complaint', 'keluhan')
