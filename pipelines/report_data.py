"""What the report reads: one small SELECT per chart over the release, plus counts over the vault.

Only counts, sums and medians of groups leave this module: quarantine is read per rule, compared pairs per
pattern of agreement that several of them show, neither as rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warehouse.errors import SatuError
from warehouse.query import query

Rows = list[dict[str, Any]]

# Groups of fewer customers than this are counted but show no amount.
SMALLEST_GROUP = 5

# The newest cohorts the report shows, one per month.
COHORTS = 24

# How many days ahead the report shows what runs out.
RUNOUT_DAYS = 30
# The products the report shows from either end of the list.
SHOWN_ENDS = 5

_AS_OF = "(SELECT MAX(as_of) FROM _release)"
_QUERIES = {
    "release": "SELECT MAX(seq) AS seq, MAX(as_of) AS as_of, MAX(currency) AS currency FROM _release",
    "headline": f"""
        SELECT
            COUNT(*) AS orders,
            COUNT(DISTINCT customer_id) AS buyers,
            COALESCE(SUM(net_revenue), 0) AS revenue,
            COALESCE(SUM(margin), 0) AS margin,
            COALESCE(SUM(net_revenue) FILTER (WHERE customer_id IS NULL), 0) AS anonymous,
            COALESCE(SUM(net_revenue) FILTER (WHERE ordered_on > {_AS_OF} - 30), 0) AS revenue_30,
            (SELECT COALESCE(SUM(net_revenue), 0) FROM orders
             WHERE ordered_on > {_AS_OF} - 60 AND ordered_on <= {_AS_OF} - 30) AS revenue_30_before
        FROM orders
        WHERE ordered_on > {_AS_OF} - 365 AND ordered_on <= {_AS_OF}""",
    "stages": "SELECT lifecycle_stage AS stage, COUNT(*) AS customers FROM customers GROUP BY 1 ORDER BY 1",
    "months": f"""
        SELECT
            CAST(DATE_TRUNC('month', ordered_on) AS DATE) AS month,
            SUM(net_revenue) AS revenue,
            SUM(net_revenue) FILTER (WHERE customer_id IS NULL) AS anonymous
        FROM orders
        WHERE ordered_on >= DATE_TRUNC('month', {_AS_OF}) - INTERVAL 23 MONTH AND ordered_on <= {_AS_OF}
        GROUP BY 1
        ORDER BY 1""",
    "rfm": f"""
        SELECT r_score, f_score, COUNT(*) AS customers, MODE(segment) AS segment,
            CASE WHEN COUNT(*) >= {SMALLEST_GROUP} THEN SUM(monetary) END AS revenue
        FROM rfm GROUP BY 1, 2 ORDER BY 1, 2""",
    "segments": f"""
        SELECT segment, COUNT(*) AS customers,
            CASE WHEN COUNT(*) >= {SMALLEST_GROUP} THEN SUM(monetary) END AS revenue,
            CAST(MEDIAN(recency_days) AS INTEGER) AS recency_days
        FROM rfm GROUP BY 1 ORDER BY SUM(monetary) DESC, 1""",
    "flows": f"""
        SELECT previous_as_of, from_segment, to_segment, flow, customers, share_of_from,
            CASE
                WHEN customers >= {SMALLEST_GROUP} AND flow = 'lost' THEN previous_revenue
                WHEN customers >= {SMALLEST_GROUP} THEN revenue
            END AS revenue
        FROM rfm_migration ORDER BY customers DESC, from_segment, to_segment""",
    "cohorts": f"""
        SELECT cohort_month, months_since, customers, active, retention, is_complete, is_left_truncated,
            CASE WHEN customers >= {SMALLEST_GROUP} THEN cumulative_revenue / customers END AS per_customer
        FROM cohorts
        WHERE cohort_month >= DATE_TRUNC('month', {_AS_OF}) - INTERVAL {COHORTS - 1} MONTH
        ORDER BY 1, 2""",
    "product_sales": f"""
        SELECT s.breakdown, s.item, p.product_name, s.quantity, s.net_revenue, s.rank_by_revenue,
            s.rank_from_last_by_revenue, s.change, s.returned_share
        FROM product_sales AS s
        LEFT JOIN dim_product AS p ON s.breakdown = 'product' AND p.product_id = s.item
        WHERE s.period = 'year' AND (s.breakdown = 'category' OR s.breakdown = 'product'
            AND (s.rank_by_revenue <= {SHOWN_ENDS} OR s.rank_from_last_by_revenue <= {SHOWN_ENDS}))
        ORDER BY s.breakdown, s.rank_by_revenue, s.item""",
    "market_potential": """
        SELECT city_code, customers, penetration, reference_penetration, potential_buyers, potential_revenue
        FROM market_potential WHERE breakdown = 'city' AND is_under_penetrated
        ORDER BY rank_by_potential, city_code""",
    "lead_sources": """
        SELECT breakdown, item, leads, buyers, conversion_rate, revenue_per_lead, cost_per_lead
        FROM lead_sources WHERE breakdown = 'source' OR breakdown = 'event' AND item <> '(other)'
        ORDER BY breakdown, leads DESC, item""",
    "pareto": "SELECT measure, customer_percent, share FROM pareto_curve ORDER BY 1, 2",
    "pareto_summary": "SELECT measure, metric, value FROM pareto_summary ORDER BY 1, 2",
    "clv": """
        WITH nearest AS (SELECT MIN_BY(horizon_days, ABS(horizon_days - 365)) AS horizon_days FROM clv),
        ranked AS (
            SELECT clv, clv_low, clv_high, horizon_days,
                NTILE(10) OVER (ORDER BY clv DESC, customer_id) AS decile
            FROM clv WHERE horizon_days = (SELECT horizon_days FROM nearest)
        )
        SELECT decile, MIN(horizon_days) AS horizon_days, COUNT(*) AS customers, AVG(clv) AS average,
            AVG(clv_low) AS low, AVG(clv_high) AS high, SUM(clv) AS total
        FROM ranked GROUP BY 1 ORDER BY 1""",
    "matrix": """
        SELECT repeats, days_from, days_to, customers, expected_purchases, p_alive, horizon_days
        FROM value_matrix
        WHERE horizon_days = (SELECT MIN_BY(horizon_days, ABS(horizon_days - 365)) FROM value_matrix)
        ORDER BY 2, 1""",
    "calibration": """
        SELECT cutoff, horizon_days, breakdown, group_no, customers, purchases_foretold, purchases_seen,
            probability_foretold, share_bought
        FROM model_calibration ORDER BY breakdown, group_no""",
    "tracking": """
        SELECT cutoff, week_end, is_holdout, purchases_foretold, purchases_seen, cumulative_foretold,
            cumulative_seen
        FROM model_tracking ORDER BY week_end""",
    "churn": """
        SELECT horizon_days, churn_band AS band, COUNT(*) AS customers
        FROM churn GROUP BY 1, 2 ORDER BY 1, 2""",
    "reasons": """
        SELECT reason_code, COUNT(*) AS customers, COUNT(*) FILTER (WHERE churn_band = 'high') AS high
        FROM churn WHERE horizon_days = (SELECT MIN_BY(horizon_days, ABS(horizon_days - 90)) FROM churn)
        GROUP BY 1 ORDER BY 2 DESC, 1""",
    "runout_days": f"""
        SELECT d.date AS day, COUNT(r.customer_id) AS pairs,
            COUNT(r.customer_id) FILTER (WHERE r.confidence = 'low') AS unsure
        FROM dim_date AS d LEFT JOIN runout AS r ON r.run_out_date = d.date
        WHERE d.date > {_AS_OF} AND d.date <= {_AS_OF} + {RUNOUT_DAYS} GROUP BY 1 ORDER BY 1""",
    "runout_families": f"""
        SELECT product_family AS family, COUNT(*) AS pairs, SUM(p_reorder_30) AS expected,
            COUNT(*) FILTER (WHERE remind_on <= {_AS_OF} + {RUNOUT_DAYS}) AS remind
        FROM runout GROUP BY 1 HAVING COUNT(*) >= {SMALLEST_GROUP} ORDER BY 3 DESC, 1 LIMIT 10""",
    "outlook": """
        SELECT months_ahead, month_start AS month, revenue, new_revenue, revenue_low AS low,
            revenue_high AS high, last_year_revenue AS last_year
        FROM revenue_outlook ORDER BY 1""",
    "conservation": """
        SELECT channel, SUM(received) AS received, SUM(accepted) AS accepted, SUM(filtered) AS filtered,
            SUM(duplicates) AS duplicates, SUM(suppressed) AS suppressed, SUM(expired) AS expired,
            SUM(quarantined) AS quarantined
        FROM conservation GROUP BY 1 ORDER BY 1""",
    "quality": """
        SELECT table_name, rule, severity, is_passed, count_checked, count_failed FROM quality_results
        ORDER BY is_passed, severity = 'warn', table_name, rule""",
    "models": """
        SELECT model, metric, value, baseline, cutoff, horizon_days FROM model_quality
        ORDER BY model, metric, horizon_days""",
    "matching": "SELECT metric, item, value FROM match_quality ORDER BY 1, 2",
    "changes": f"""
        SELECT event, COUNT(DISTINCT customer_id) AS customers FROM customer_id_history
        WHERE as_of = {_AS_OF} GROUP BY 1 ORDER BY 1""",
}
_VAULT_QUERIES = {
    "quarantine": """
        SELECT channel, contract, rule, COUNT(*) AS n FROM vault.quarantine
        GROUP BY 1, 2, 3 ORDER BY n DESC, 1, 2, 3""",
    # Weight and rarity grow together, so their medians belong to one pair; +-60 bits are cut off there.
    "patterns": f"""
        SELECT pattern, is_vetoed, COUNT(*) AS pairs,
            CAST(QUANTILE_DISC(weight, 0.5) AS DOUBLE) AS weight,
            CAST(QUANTILE_DISC(term_bits, 0.5) AS DOUBLE) AS term_bits
        FROM vault.match_edges WHERE pattern > 0 AND ABS(weight) < 60
        GROUP BY 1, 2 HAVING COUNT(*) >= {SMALLEST_GROUP} ORDER BY 1, 2""",
}


def report_rows(warehouse: Path) -> dict[str, Rows]:
    """The rows of every chart of the current release."""
    rows = {name: query(warehouse, sql).to_pylist() for name, sql in _QUERIES.items()}
    return rows | {name: _of_vault(warehouse, sql) for name, sql in _VAULT_QUERIES.items()}


def _of_vault(warehouse: Path, sql: str) -> Rows:
    """Counts over the vault; nothing when the reader may not open it."""
    try:
        return query(warehouse, sql, vault=True).to_pylist()
    except SatuError:
        return []
