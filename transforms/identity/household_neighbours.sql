-- One row per two customer clusters that name one door and quarter. Key: cluster_a, cluster_b.
-- One quarter may be told at greater length than the other ("tanjung barat", "tanjung barat jagakarsa"), and RT and RW
-- may be left out. A door that more than forty name is no home and is left out.
WITH doors AS (
    SELECT city, door
    FROM household_places
    WHERE door IS NOT NULL
    GROUP BY city, door
    HAVING COUNT(DISTINCT cluster_no) BETWEEN 2 AND 40
)
SELECT DISTINCT a.cluster_no AS cluster_a, b.cluster_no AS cluster_b
FROM doors AS s
INNER JOIN household_places AS a ON a.city = s.city AND a.door = s.door
INNER JOIN household_places AS b ON b.city = s.city AND b.door = s.door AND b.cluster_no > a.cluster_no
WHERE
    (a.numbers = b.numbers OR a.numbers = '' OR b.numbers = '')
    AND (
        a.quarter = b.quarter
        OR (
            a.quarter <> '' AND b.quarter <> ''
            AND (starts_with(a.quarter || ' ', b.quarter || ' ') OR starts_with(b.quarter || ' ', a.quarter || ' '))
        )
    )
