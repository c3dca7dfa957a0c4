-- One row per customer, as the lead it was when first seen: where from, what became of it, what it cost. Key: customer_id.
-- The cost of an event is shared evenly by the leads who came to it (event_cost), that of a medium's campaigns by the
-- leads of the source of that name (source_cost); cost is what a lead bears of its event and of its source's campaigns without one.
-- Someone first reached by an app may come to an event later, so the two are not one account. A lead is matured when the
-- window for becoming a buyer is over.
WITH earned AS (
    SELECT
        customer_id,
        CAST(SUM(net_revenue) AS DECIMAL(18, 2)) AS revenue,
        CAST(SUM(margin) AS DECIMAL(18, 2)) AS margin
    FROM order_days
    GROUP BY customer_id
),

event_costs AS (
    SELECT event, SUM(cost) AS cost
    FROM campaign_costs
    WHERE event IS NOT NULL
    GROUP BY event
),

source_costs AS (
    SELECT source, SUM(cost) AS cost, SUM(cost) FILTER (WHERE event IS NULL) AS cost_without_event
    FROM campaign_costs
    WHERE source IS NOT NULL
    GROUP BY source
),

counted AS (
    SELECT
        c.customer_id,
        c.acquisition_source AS own_source,
        c.acquisition_event AS own_event,
        c.city_code,
        c.first_seen,
        c.first_purchase_on,
        COUNT(*) OVER (PARTITION BY lower(c.acquisition_source)) AS leads_of_source,
        COUNT(*) OVER (PARTITION BY c.acquisition_event) AS leads_of_event
    FROM customers AS c
)

SELECT
    c.customer_id,
    c.own_source,
    c.own_event,
    i.own_product,
    c.city_code,
    c.first_seen,
    c.first_purchase_on IS NOT NULL AS is_buyer,
    COALESCE(c.first_purchase_on <= c.first_seen, FALSE) AS bought_at_once,
    add_days(c.first_seen, p.lead_window_days) <= p.as_of AS is_matured,
    COALESCE(c.first_purchase_on <= add_days(c.first_seen, p.lead_window_days), FALSE) AS is_converted,
    COALESCE(e.revenue, 0) AS revenue,
    COALESCE(e.margin, 0) AS margin,
    CAST(CAST(m.cost AS DOUBLE) / CAST(NULLIF(c.leads_of_source, 0) AS DOUBLE) AS DECIMAL(18, 6)) AS source_cost,
    CAST(CAST(x.cost AS DOUBLE) / CAST(NULLIF(c.leads_of_event, 0) AS DOUBLE) AS DECIMAL(18, 6)) AS event_cost,
    CASE
        WHEN x.cost IS NOT NULL OR m.cost_without_event IS NOT NULL THEN
            CAST(
                CAST(COALESCE(x.cost, 0) AS DOUBLE) / CAST(NULLIF(c.leads_of_event, 0) AS DOUBLE) AS DECIMAL(18, 6)
            ) + CAST(
                CAST(COALESCE(m.cost_without_event, 0) AS DOUBLE) / CAST(NULLIF(c.leads_of_source, 0) AS DOUBLE)
                AS DECIMAL(18, 6)
            )
    END AS cost
FROM counted AS c
CROSS JOIN params AS p
LEFT JOIN lead_interests AS i ON c.customer_id = i.customer_id
LEFT JOIN earned AS e ON c.customer_id = e.customer_id
LEFT JOIN event_costs AS x ON c.own_event = x.event
LEFT JOIN source_costs AS m ON lower(c.own_source) = m.source
