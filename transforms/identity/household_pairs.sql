-- One row per two customer clusters that give one phone or e-mail, and which. Key: cluster_a, cluster_b, kind.
SELECT DISTINCT a.cluster_no AS cluster_a, b.cluster_no AS cluster_b, a.kind
FROM household_contacts AS a
INNER JOIN household_contacts AS b ON b.kind = a.kind AND b.value = a.value AND b.cluster_no > a.cluster_no
