-- One row per segment of the company. Key: segment.
SELECT segment, description_en, description_id, purpose, version, condition
FROM segments
