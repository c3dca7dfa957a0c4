-- One row per way of looking at what was sold; those by place stand in the year alone. Key: breakdown.
SELECT breakdown, is_by_place
FROM (
    VALUES
        ('category', FALSE),
        ('type', FALSE),
        ('product', FALSE),
        ('colour', FALSE),
        ('size', FALSE),
        ('city', TRUE),
        ('category_city', TRUE)
) AS names (breakdown, is_by_place)
