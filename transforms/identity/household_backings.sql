-- One row per two customer clusters that give one phone or e-mail, and what else they share. Key: cluster_a, cluster_b,
-- kind, backing.
-- What else: the address (of a block of flats, too), the postcode, or a family name: the last word of one's name
-- stands in the other's.
SELECT p.cluster_a, p.cluster_b, p.kind, 'address' AS backing
FROM household_pairs AS p
INNER JOIN household_neighbours AS n ON n.cluster_a = p.cluster_a AND n.cluster_b = p.cluster_b
UNION
SELECT p.cluster_a, p.cluster_b, p.kind, 'postcode'
FROM household_pairs AS p
INNER JOIN household_places AS a ON a.cluster_no = p.cluster_a
INNER JOIN household_places AS b ON b.cluster_no = p.cluster_b AND b.postcode = a.postcode
UNION
SELECT p.cluster_a, p.cluster_b, p.kind, 'name'
FROM household_pairs AS p
INNER JOIN household_words AS a ON a.cluster_no = p.cluster_a
INNER JOIN household_words AS b ON b.cluster_no = p.cluster_b AND b.word = a.word AND (a.is_last OR b.is_last)
