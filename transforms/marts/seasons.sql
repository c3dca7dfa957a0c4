-- One row per Ramadan of a company that has it as a season: the 30 days up to the eve of Idulfitri. Key: first_day.
-- The years of lebaran.csv; a company without a season (value_settings) has none.
SELECT
    add_days(l.date, -30) AS first_day,
    add_days(l.date, -1) AS last_day
FROM lebaran AS l
INNER JOIN value_settings AS v ON v.has_season
