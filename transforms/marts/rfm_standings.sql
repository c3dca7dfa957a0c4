-- One row per role and customer with a net-positive order day in that role's window: scores and segment. Key: role,
-- customer_id.
-- A score is 1 plus the number of cut points 2 to 5 the value reaches; each day uses the cut points of its
-- own fit day. A measure without any cut points (nobody bought before the fit day) scores the neutral 3.
WITH bounds AS (
    SELECT
        w.role,
        COUNT(f.score) FILTER (WHERE f.measure = 'recency') > 0 AS has_recency,
        MIN(CASE WHEN f.measure = 'recency' AND f.score = 2 THEN f.lower_bound END) AS r2,
        MIN(CASE WHEN f.measure = 'recency' AND f.score = 3 THEN f.lower_bound END) AS r3,
        MIN(CASE WHEN f.measure = 'recency' AND f.score = 4 THEN f.lower_bound END) AS r4,
        MIN(CASE WHEN f.measure = 'recency' AND f.score = 5 THEN f.lower_bound END) AS r5,
        COUNT(f.score) FILTER (WHERE f.measure = 'frequency') > 0 AS has_frequency,
        MIN(CASE WHEN f.measure = 'frequency' AND f.score = 2 THEN f.lower_bound END) AS f2,
        MIN(CASE WHEN f.measure = 'frequency' AND f.score = 3 THEN f.lower_bound END) AS f3,
        MIN(CASE WHEN f.measure = 'frequency' AND f.score = 4 THEN f.lower_bound END) AS f4,
        MIN(CASE WHEN f.measure = 'frequency' AND f.score = 5 THEN f.lower_bound END) AS f5,
        COUNT(f.score) FILTER (WHERE f.measure = 'monetary') > 0 AS has_monetary,
        MIN(CASE WHEN f.measure = 'monetary' AND f.score = 2 THEN f.lower_bound END) AS m2,
        MIN(CASE WHEN f.measure = 'monetary' AND f.score = 3 THEN f.lower_bound END) AS m3,
        MIN(CASE WHEN f.measure = 'monetary' AND f.score = 4 THEN f.lower_bound END) AS m4,
        MIN(CASE WHEN f.measure = 'monetary' AND f.score = 5 THEN f.lower_bound END) AS m5
    FROM as_of_dates AS w
    LEFT JOIN rfm_cutpoint_fits AS f ON w.fit_day = f.fit_day
    GROUP BY w.role
),

scored AS (
    SELECT
        v.role,
        v.as_of,
        v.customer_id,
        v.recency_days,
        v.frequency,
        v.monetary,
        CASE
            WHEN NOT b.has_recency THEN 3
            WHEN -v.recency_days >= b.r5 THEN 5
            WHEN -v.recency_days >= b.r4 THEN 4
            WHEN -v.recency_days >= b.r3 THEN 3
            WHEN -v.recency_days >= b.r2 THEN 2
            ELSE 1
        END AS r_score,
        CASE
            WHEN NOT b.has_frequency THEN 3
            WHEN v.frequency >= b.f5 THEN 5
            WHEN v.frequency >= b.f4 THEN 4
            WHEN v.frequency >= b.f3 THEN 3
            WHEN v.frequency >= b.f2 THEN 2
            ELSE 1
        END AS f_score,
        CASE
            WHEN NOT b.has_monetary THEN 3
            WHEN v.monetary >= b.m5 THEN 5
            WHEN v.monetary >= b.m4 THEN 4
            WHEN v.monetary >= b.m3 THEN 3
            WHEN v.monetary >= b.m2 THEN 2
            ELSE 1
        END AS m_score
    FROM rfm_values AS v
    INNER JOIN bounds AS b ON v.role = b.role
)

SELECT
    c.role,
    c.as_of,
    c.customer_id,
    c.recency_days,
    c.frequency,
    c.monetary,
    CAST(c.r_score AS INTEGER) AS r_score,
    CAST(c.f_score AS INTEGER) AS f_score,
    CAST(c.m_score AS INTEGER) AS m_score,
    s.segment
FROM scored AS c
INNER JOIN rfm_segments AS s ON c.r_score = s.r_score AND c.f_score = s.f_score
