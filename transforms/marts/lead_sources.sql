-- One row per as_of, breakdown and source, event or city of leads. Key: as_of, breakdown, item.
-- (other) holds who came from no known event or place, and sources, events and places with too few leads to be shown. An
-- event that cost something and brought nobody is there as well.
WITH seen AS (
    SELECT
        'source' AS breakdown,
        COALESCE(f.source, '(other)') AS item,
        l.customer_id, l.first_seen, l.is_buyer, l.bought_at_once, l.is_matured, l.is_converted, l.revenue, l.margin,
        l.source_cost AS cost
    FROM leads AS l
    INNER JOIN folded_lead_sources AS f ON l.own_source IS NOT DISTINCT FROM f.own_source
    UNION ALL
    SELECT
        'event' AS breakdown,
        COALESCE(f.event, '(other)') AS item,
        l.customer_id, l.first_seen, l.is_buyer, l.bought_at_once, l.is_matured, l.is_converted, l.revenue, l.margin,
        l.event_cost AS cost
    FROM leads AS l
    INNER JOIN folded_lead_events AS f ON l.own_event IS NOT DISTINCT FROM f.own_event
    UNION ALL
    SELECT
        'city' AS breakdown,
        COALESCE(l.city_code, '(other)') AS item,
        l.customer_id, l.first_seen, l.is_buyer, l.bought_at_once, l.is_matured, l.is_converted, l.revenue, l.margin, l.cost
    FROM leads AS l
    UNION ALL
    SELECT
        'event' AS breakdown,
        f.event AS item,
        CAST(NULL AS BIGINT), CAST(NULL AS DATE), FALSE, FALSE, FALSE, FALSE,
        CAST(0 AS DECIMAL(18, 2)), CAST(0 AS DECIMAL(18, 2)), CAST(x.cost AS DECIMAL(18, 6))
    FROM campaign_costs AS x
    INNER JOIN folded_lead_events AS f ON x.event = f.own_event AND f.people = 0
),

summed AS (
    SELECT
        breakdown,
        item,
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
    FROM seen
    GROUP BY breakdown, item
)

SELECT
    p.as_of,
    s.breakdown,
    s.item,
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
