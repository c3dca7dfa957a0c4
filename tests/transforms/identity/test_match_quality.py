"""Figures about the matching of a day: how many records, customers, pairs; which channels know the same people."""

from __future__ import annotations

from tests.support.small_tables import Tables, links, record
from transforms.identity.comparisons import NAMES, level_codes

CHANNELS = {"web:1": "web", "web:2": "web", "shop:1": "shop", "shop:2": "shop", "shop:3": "shop"}


def pattern(**levels: int) -> int:
    return sum((level + 1) << (4 * NAMES.index(name)) for name, level in levels.items())


def figures(metric: str) -> dict[str, float]:
    """Three customers: web:1 and shop:1, two records of the shop, and one of the web that lives with the first."""
    who = links(c1=["web:1", "shop:1"], c2=["shop:2", "shop:3"], c3="web:2")
    tables = Tables().put("identity_levels", *level_codes().to_pylist())
    tables.put(
        "customer_links", *(row | ({"household_id": 7} if row["customer_id"] != 2 else {}) for row in who)
    )
    for number, (key, channel) in enumerate(CHANNELS.items()):
        tables.put("contact_rows", record(number, "05", record_key=key, channel=channel))
    edges = [("phone_and_name", pattern(name=9, phone=3), False), ("phone", pattern(name=0, phone=3), True),
             ("steward_same", 0, False)]  # fmt: skip
    for rule, packed, vetoed in edges:
        edge = {"record_a": "shop:1", "record_b": "web:1", "rule": rule, "pattern": packed}
        tables.put("match_edges", edge | {"is_vetoed": vetoed, "weight": 5, "probability": 0.9})
    return {item: value for name, item, value in tables.rows("match_quality", "metric", "item", "value")
            if name == metric}  # fmt: skip


def test_a_record_is_known_elsewhere_when_its_customer_has_another_channel() -> None:
    assert figures("records_by_channel") == {"shop": 3, "web": 2}
    assert figures("joined_records_by_channel") == {"shop": 1, "web": 1}


def test_pairs_are_counted_at_every_level_they_show() -> None:
    assert figures("pairs_by_level") == {"name 0": 1, "name 9": 1, "phone 3": 2}


def test_households_and_customers_are_counted_by_size() -> None:
    assert figures("households_by_customers") == {"2": 1}
    assert figures("customers_by_records") == {"1": 1, "2": 2}
