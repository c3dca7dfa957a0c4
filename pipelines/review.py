"""Customers who may be one person, for a steward to decide: who, the evidence, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass

from assets.configuration import pair_decisions
from pipelines.explain import statements, values_of
from pipelines.identity_view import IdentityView
from pipelines.pair_evidence import Pair, pair_of

_SUMMARY = """
SELECT l.customer_id, l.count_records, COALESCE(o.count_orders, 0) AS count_orders,
    COALESCE(o.net_revenue, 0) AS net_revenue
FROM (
    SELECT customer_id, COUNT(*) AS count_records FROM vault.customer_links
    WHERE customer_id IN (SELECT UNNEST($ids)) GROUP BY customer_id
) AS l
LEFT JOIN (
    SELECT customer_id, COUNT(*) AS count_orders, SUM(net_revenue) AS net_revenue FROM orders
    WHERE customer_id IN (SELECT UNNEST($ids)) GROUP BY customer_id
) AS o USING (customer_id)
"""
_DECIDED = """
SELECT DISTINCT r.customer_a, r.customer_b
FROM vault.match_review AS r
INNER JOIN (SELECT UNNEST($record_a) AS record_a, UNNEST($record_b) AS record_b) AS d ON TRUE
INNER JOIN vault.customer_links AS a ON a.record_key = d.record_a
INNER JOIN vault.customer_links AS b ON b.record_key = d.record_b
WHERE r.customer_a = least(a.customer_id, b.customer_id)
    AND r.customer_b = greatest(a.customer_id, b.customer_id)
"""
_REVIEW = f"""
SELECT r.*, e.term_bits, e.is_used
FROM vault.match_review AS r
INNER JOIN vault.match_edges AS e
    ON e.record_a = least(r.record_a, r.record_b) AND e.record_b = greatest(r.record_a, r.record_b)
    AND e.rule = r.rule
ANTI JOIN ({_DECIDED}) AS d ON d.customer_a = r.customer_a AND d.customer_b = r.customer_b
ORDER BY r.value DESC, r.customer_a, r.customer_b
LIMIT $limit
"""
_COUNTS = f"""
SELECT (SELECT COUNT(*) FROM vault.match_review) AS asked, (SELECT COUNT(*) FROM ({_DECIDED}) AS d) AS decided
"""


@dataclass(frozen=True)
class Side:
    """One of two customers: who it is and what it has bought."""

    customer_id: int
    record_key: str
    values: dict[str, list[str]]
    count_records: int
    count_orders: int
    net_revenue: float


@dataclass(frozen=True)
class Question:
    """Two customers who may be one; `value` says how much a decision is worth (see `match_review`)."""

    a: Side
    b: Side
    value: float
    count_pairs: int
    pair: Pair


def questions(view: IdentityView, limit: int) -> list[Question]:
    """The open questions, the most valuable first; what was decided since the release is left out."""
    rows = view.rows(_REVIEW, limit=limit, **_in_force(view))
    sides = {row[f"record_{side}"]: row[f"customer_{side}"] for row in rows for side in "ab"}
    values = values_of(statements(view, sides))
    facts = {row["customer_id"]: row for row in view.rows(_SUMMARY, ids=sorted(set(sides.values())))}
    profiles = view.profile_values(sorted(set(sides.values())))

    def side(customer_id: int, record_key: str) -> Side:
        known = facts[customer_id]
        return Side(
            customer_id,
            record_key,
            {name: [value] for name, value in profiles[customer_id].items()},
            known["count_records"],
            known["count_orders"],
            float(known["net_revenue"]),
        )

    scale = view.scale()
    return [
        Question(
            side(row["customer_a"], row["record_a"]),
            side(row["customer_b"], row["record_b"]),
            float(row["value"]),
            row["count_pairs"],
            pair_of(row, scale, values, False),
        )
        for row in rows
    ]


def count_questions(view: IdentityView) -> tuple[int, int]:
    """How many questions are open in all, and how many were decided since the release was made."""
    (counts,) = view.rows(_COUNTS, **_in_force(view))
    return counts["asked"] - counts["decided"], counts["decided"]


def _in_force(view: IdentityView) -> dict[str, list[str]]:
    """The two records of every decision in force, as two lists."""
    found = pair_decisions(view.context)
    return {side: [row[side] for row in found] for side in ("record_a", "record_b")}
