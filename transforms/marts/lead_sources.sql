-- One row per as_of, breakdown and group of leads: by source, event, city or product, or by source within a city or a
-- product. Key: as_of, breakdown, item, within.
-- (other) holds who came from no known source, event, place or product, and those with too few leads to be shown. An
-- event that cost something and brought nobody is there as well. Crossings tell apart the sources and the cities or
-- products that make a grid of cells of five leads or none (transforms/cube.py).
WITH named AS (
    SELECT
        b.breakdown,
        CASE b.breakdown
            WHEN 'source' THEN s.source
            WHEN 'event' THEN e.event
            WHEN 'city' THEN l.city_code
            WHEN 'product' THEN i.product
            WHEN 'source_city' THEN sp.source
            ELSE si.source
        END AS item,
        CASE b.breakdown
            WHEN 'source_city' THEN COALESCE(gp.city_code, '(other)')
            WHEN 'source_product' THEN COALESCE(gi.product, '(other)')
            ELSE '(all)'
        END AS within,
        l.customer_id,
        l.first_seen,
        l.is_buyer,
        l.bought_at_once,
        l.is_matured,
        l.is_converted,
        l.revenue,
        l.margin,
        CASE b.breakdown WHEN 'source' THEN l.source_cost WHEN 'event' THEN l.event_cost ELSE l.cost END AS cost
    FROM leads AS l
    INNER JOIN folded_lead_sources AS s ON l.own_source IS NOT DISTINCT FROM s.own_source
    INNER JOIN folded_lead_events AS e ON l.own_event IS NOT DISTINCT FROM e.own_event
    INNER JOIN folded_lead_products AS i ON l.own_product IS NOT DISTINCT FROM i.own_product
    INNER JOIN folded_lead_places AS gp ON l.city_code IS NOT DISTINCT FROM gp.own_city_code
    INNER JOIN folded_lead_interests AS gi ON i.product IS NOT DISTINCT FROM gi.own_product
    LEFT JOIN sources_by_place AS sp ON s.source = sp.source
    LEFT JOIN sources_by_product AS si ON s.source = si.source
    CROSS JOIN lead_breakdowns AS b
    UNION ALL
    SELECT
        'event' AS breakdown,
        f.event AS item,
        '(all)' AS within,
        CAST(NULL AS BIGINT), CAST(NULL AS DATE), FALSE, FALSE, FALSE, FALSE,
        CAST(0 AS DECIMAL(18, 2)), CAST(0 AS DECIMAL(18, 2)), CAST(x.cost AS DECIMAL(18, 6))
    FROM campaign_costs AS x
    INNER JOIN folded_lead_events AS f ON x.event = f.own_event AND f.people = 0
),

summed AS (
    SELECT
        breakdown,
        COALESCE(item, '(other)') AS item,
        within,
        COUNT(customer_id) AS leads,
        COUNT(*) FILTER (WHERE is_matured) AS leads_matured,
        COUNT(*) FILTER (WHERE bought_at_once) AS bought_at_once,
        COUNT(*) FILTER (WHERE is_matured AND is_converted) AS converted,
        COUNT(*) FILTER (WHERE is_buyer) AS buyers,
        CAST(SUM(revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin,
        CAST(SUM(cost) AS DECIMAL(18, 2)) AS cost,
        MIN(first_seen) AS first_lead_on,
        MAX(first_seen) AS last_lead_on
    FROM named
    GROUP BY breakdown, COALESCE(item, '(other)'), within
)

SELECT
    p.as_of,
    s.breakdown,
    s.item,
    s.within,
    s.leads,
    s.leads_matured,
    s.bought_at_once,
    s.converted,
    CAST(CAST(s.converted AS DOUBLE) / CAST(NULLIF(s.leads_matured, 0) AS DOUBLE) AS DECIMAL(7, 6)) AS conversion_rate,
    s.buyers,
    s.revenue,
    s.margin,
    CAST(CAST(s.revenue AS DOUBLE) / CAST(NULLIF(s.leads, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS revenue_per_lead,
    s.cost,
    CAST(CAST(s.cost AS DOUBLE) / CAST(NULLIF(s.leads, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS cost_per_lead,
    CAST(CAST(s.cost AS DOUBLE) / CAST(NULLIF(s.buyers, 0) AS DOUBLE) AS DECIMAL(18, 2)) AS cost_per_buyer,
    s.first_lead_on,
    s.last_lead_on
FROM summed AS s
CROSS JOIN params AS p
