"""Groups of customers: small ones are counted together, and every dimension adds up to clv."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.support.small_tables import Tables, day

AS_OF = day("31")
HISTORY = {"horizon_days": 365, "as_of": AS_OF}


def buyers(tables: Tables, city: str | None, count: int, first: int, segment: str | None = "loyal") -> None:
    """So many customers with one purchase in January and a value of ten each."""
    for customer in range(first, first + count):
        tables.con.execute("INSERT INTO purchase_history VALUES (?, ?)", [customer, dt.date(2026, 1, 5)])
        tables.con.execute("INSERT INTO value_terms SELECT ?, 365, 4, 1, 0, 0, 0, 0, 0, 0", [customer])
        tables.put("customers", {"customer_id": customer, "city_code": city, "acquisition_source": "app"})
        tables.put("clv", {"customer_id": customer, "clv": 10, **HISTORY})
        if segment is not None:
            tables.put("rfm", {"customer_id": customer, "segment": segment})


@pytest.fixture
def tables() -> Tables:
    found = Tables(AS_OF)
    found.con.execute("CREATE TABLE purchase_history (customer_id BIGINT, first_on DATE)")
    names = ("outcome_variance", "by_r", "by_alpha", "by_a", "by_b", "by_p", "by_q", "by_gamma")
    columns = ", ".join(f"{'' if name.startswith('outcome') else 'value_'}{name} DOUBLE" for name in names)
    found.con.execute(f"CREATE TABLE value_terms (customer_id BIGINT, horizon_days INTEGER, {columns})")
    found.made("purchase_history", "value_terms")
    for name in ("customers", "clv", "rfm", "order_lines"):
        found.put(name)
    return found


def cities(tables: Tables) -> list[tuple[object, ...]]:
    tables.need("clv_group_sums")
    sql = "SELECT item, customers, clv FROM clv_group_sums WHERE dimension = 'city' ORDER BY 1"
    return tables.con.execute(sql).fetchall()


def test_groups_under_five_are_counted_together(tables: Tables) -> None:
    cells = (("31.71", 9, 1), ("32.73", 3, 20), ("32.75", 4, 30), ("35.78", 2, 40), (None, 6, 50))
    for city, count, first in cells:
        buyers(tables, city, count, first)
    assert cities(tables) == [("31.71", 9, 90), ("32", 7, 70), ("other", 8, 80)]


def test_who_are_still_too_few_together_are_counted_with_the_next_smallest(tables: Tables) -> None:
    for city, count, first in (("31.71", 9, 1), ("31.72", 3, 20), (None, 6, 40)):
        buyers(tables, city, count, first)
    assert cities(tables) == [("31", 12, 120), ("other", 6, 60)]


def test_every_dimension_adds_up(tables: Tables) -> None:
    buyers(tables, "31.71", 7, 1)
    buyers(tables, "32.73", 5, 20, segment=None)
    tables.need("clv_group_sums")
    rows = tables.con.execute("SELECT dimension, item, customers FROM clv_group_sums ORDER BY ALL").fetchall()
    assert rows == [
        ("acquisition_source", "app", 12),
        ("all", "all", 12),
        ("city", "31.71", 7),
        ("city", "32.73", 5),
        ("cohort_month", "2026-01", 12),
        ("segment", "loyal", 7),
        ("segment", "outside_window", 5),
    ]
    tables.con.execute(
        "CREATE TABLE clv_group_intervals AS SELECT horizon_days, dimension, item, 1.0 clv_low, 200.0 clv_high"
        " FROM clv_group_sums"
    )
    tables.made("clv_group_intervals")
    assert tables.rows("clv_groups_balance", "difference") == [(Decimal("0.00"),)]


@pytest.mark.parametrize(
    ("fault", "difference"),
    [
        ("UPDATE clv_groups SET clv = clv + 1 WHERE dimension = 'all'", "1.00"),
        ("DELETE FROM clv_groups WHERE dimension = 'city'", "66.00"),
    ],
)
def test_the_balance_sees_a_group_too_many_or_too_few(tables: Tables, fault: str, difference: str) -> None:
    buyers(tables, "31.71", 6, 1)
    tables.need("clv_group_sums")
    tables.con.execute(
        "CREATE TABLE clv_group_intervals AS SELECT horizon_days, dimension, item, 1.0 clv_low, 200.0 clv_high"
        " FROM clv_group_sums"
    )
    tables.made("clv_group_intervals")
    tables.need("clv_groups")
    tables.con.execute(fault)
    assert tables.rows("clv_groups_balance", "difference") == [(Decimal(difference),)]


def test_how_margins_are_known_is_by_sales(tables: Tables) -> None:
    buyers(tables, "31.71", 1, 1)
    for source, revenue in (
        ("line_cost", 20),
        ("product_cost", 10),
        ("category_margin", 50),
        ("default_margin", 20),
    ):
        tables.put("order_lines", {"customer_id": 1, "margin_source": source, "net_revenue": revenue})
    tables.put("order_lines", {"customer_id": 1, "margin_source": "default_margin", "net_revenue": -90})
    assert tables.rows("margin_sources") == [(1, 100, 30, 50)]
