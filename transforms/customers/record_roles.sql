-- One row per record that a channel names in a role only, such as a recipient. Key: record_key.
SELECT record_key, MIN(role) AS role
FROM role_mentions
GROUP BY record_key
