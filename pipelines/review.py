"""Customers who may be one person, for a steward to decide: who, the evidence, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass

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
_REVIEW = """
SELECT r.*, e.term_bits, e.is_used
FROM vault.match_review AS r
INNER JOIN vault.match_edges AS e
    ON e.record_a = least(r.record_a, r.record_b) AND e.record_b = greatest(r.record_a, r.record_b)
    AND e.rule = r.rule
ORDER BY r.value DESC, r.customer_a, r.customer_b
LIMIT $limit
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
    """The open questions of the release, the most valuable first."""
    rows = view.rows(_REVIEW, limit=limit)
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


def count_open(view: IdentityView) -> int:
    """How many questions there are in all."""
    return int(view.rows("SELECT COUNT(*) AS n FROM vault.match_review")[0]["n"])
