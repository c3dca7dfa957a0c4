-- One row per product category of leads, NULL for none: its leads. Key: own_product.
SELECT own_product, COUNT(*) AS people
FROM leads
GROUP BY own_product
