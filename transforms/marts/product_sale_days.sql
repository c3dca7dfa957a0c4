-- One row per breakdown, item (within a city) and business day with order lines. Key: breakdown, item, within, ordered_on.
-- All lines of an order count on one day, so orders may be added up over days; customers may not (product_buyers).
SELECT
    breakdown,
    item,
    within,
    ordered_on,
    CAST(COALESCE(SUM(quantity), 0) AS DECIMAL(18, 4)) AS quantity,
    CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS net_revenue,
    CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin,
    CAST(SUM(GREATEST(net_revenue, 0)) AS DECIMAL(18, 2)) AS sold,
    CAST(SUM(GREATEST(-net_revenue, 0)) AS DECIMAL(18, 2)) AS given_back,
    CAST(SUM(CASE WHEN customer_id IS NULL THEN GREATEST(net_revenue, 0) ELSE 0 END) AS DECIMAL(18, 2)) AS sold_anonymously,
    COUNT(DISTINCT CASE WHEN status = 'completed' THEN order_id END) AS count_orders
FROM product_sale_lines
GROUP BY breakdown, item, within, ordered_on
