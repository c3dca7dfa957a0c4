-- One row per known row of an interaction that a later version replaces. Key: channel, file_seq, line, mapping.
-- Versions agree in record, note, time, medium and type; an interaction without a note number has none.
WITH known AS (
    SELECT
        i.source_channel, i.record_key, i.note_id, i.event_at, COALESCE(i.channel, '') AS medium,
        COALESCE(i.type, '') AS type, i.arrived, i.file_seq, i.line, i.mapping
    FROM interaction_rows AS i
    CROSS JOIN params AS p
    WHERE i.note_id IS NOT NULL AND i.arrived <= p.as_of AND i.event_on <= p.as_of
),

repeated AS (
    SELECT source_channel, record_key, note_id, event_at, medium, type
    FROM known
    GROUP BY source_channel, record_key, note_id, event_at, medium, type
    HAVING COUNT(*) > 1
)

SELECT k.source_channel AS channel, k.file_seq, k.line, k.mapping
FROM known AS k
INNER JOIN repeated AS r
    ON r.source_channel = k.source_channel AND r.record_key = k.record_key AND r.note_id = k.note_id
    AND r.event_at = k.event_at AND r.medium = k.medium AND r.type = k.type
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY k.source_channel, k.record_key, k.note_id, k.event_at, k.medium, k.type
    ORDER BY k.arrived DESC, k.file_seq DESC, k.line DESC, k.mapping DESC
) > 1
