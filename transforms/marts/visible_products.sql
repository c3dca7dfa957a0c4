-- One row per product of the product master known at as_of, in its latest version. Key: product_id.
SELECT
    r.product_id, r.product_name, r.category, r.subcategory, r.brand, r.type, r.colour, r.size, r.cost, r.price,
    r.pack_size, r.usage_per_day
FROM product_rows AS r
CROSS JOIN params AS p
WHERE r.arrived <= p.as_of
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY r.product_id
    ORDER BY r.arrived DESC, r.file_seq DESC, r.line DESC, r.channel DESC
) = 1
