-- One row per customer cluster and home it names: its door in a city, what follows the door, the postcode.
-- Key: cluster_no, city, door, numbers, quarter, postcode.
-- The door is the street with its house number ("melati 12"); what follows is the quarter ("tanjung barat") and other
-- numbers, such as RT and RW. An address that begins with a number is a door as a whole. One without a number, or
-- that names a place of work, has no door.
WITH homes AS (
    SELECT
        cluster_no,
        city,
        postcode,
        CASE
            WHEN
                length(address_key) >= 8
                AND regexp_matches(address_key, '[0-9]')
                AND NOT regexp_matches(
                    address_key,
                    '(?:^| )(?:pt|cv|kantor|office|gedung|ruko|rukan|mall|plaza|hotel|pabrik|gudang)(?: |\z)'
                )
                THEN address_key
        END AS address_key,
        regexp_extract(address_key, '^([^0-9]+[0-9]+[a-z]?)(?: |\z)', 1) AS street_and_number
    FROM household_homes
),
parted AS (
    SELECT
        cluster_no,
        city,
        postcode,
        CASE WHEN street_and_number = '' THEN address_key ELSE street_and_number END AS door,
        CASE WHEN street_and_number = '' THEN '' ELSE substr(address_key, length(street_and_number) + 1) END AS rest,
        street_and_number = '' AS is_whole
    FROM homes
),
placed AS (
    SELECT
        h.cluster_no,
        COALESCE(g.city_code, lower(h.city), '') AS city,
        CASE WHEN h.is_whole OR h.city IS NOT NULL OR h.rest <> '' THEN h.door END AS door,
        trim(regexp_replace(h.rest, '[^0-9]+', ' ', 'g')) AS numbers,
        trim(regexp_replace(h.rest, ' [0-9]+[a-z]?', '', 'g')) AS quarter,
        h.postcode
    FROM parted AS h
    LEFT JOIN city_codes AS g ON g.city = h.city
)
SELECT DISTINCT cluster_no, city, door, numbers, quarter, postcode
FROM placed
WHERE door IS NOT NULL OR postcode IS NOT NULL
