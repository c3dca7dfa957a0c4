-- One row per channel. Key: channel.
SELECT
    channel,
    description_en,
    description_id,
    CAST(trust AS INTEGER) AS trust,
    id_space
FROM channels
