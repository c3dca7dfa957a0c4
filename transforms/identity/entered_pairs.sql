-- One row per pair to compare that was not compared before, or of which a record changed. Key: record_a, record_b.
SELECT e.record_a, e.record_b
FROM entering_pairs AS e
SEMI JOIN changed_numbers AS c ON c.record_no = e.record_a
UNION
SELECT e.record_a, e.record_b
FROM entering_pairs AS e
SEMI JOIN changed_numbers AS c ON c.record_no = e.record_b
UNION
SELECT e.record_a, e.record_b
FROM entering_pairs AS e
ANTI JOIN known_pairs AS p ON p.record_a = e.record_a AND p.record_b = e.record_b
