"""Rows that name products, orders and campaigns in; how many of those are unknown out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import duckdb

from transforms.functions import create_macros
from transforms.model import Model

AS_OF = date(2026, 3, 31)
COLUMNS = {
    "order_line_rows": ("channel", "order_space", "arrived", "order_id", "product_id", "returns_order_id"),
    "loyalty_event_rows": ("channel", "order_space", "arrived", "order_id"),
    "delivery_rows": ("channel", "order_space", "arrived", "order_id"),
    "interaction_rows": ("source_channel", "arrived", "campaign_id"),
    "campaign_target_rows": ("channel", "arrived", "campaign_id"),
    "product_rows": ("arrived", "product_id"),
    "campaign_rows": ("arrived", "campaign_id"),
}
Rows = list[tuple[object, ...]]


def gaps(**given: Rows) -> list[tuple[object, ...]]:
    """(channel, contract, field, rows, missing, share) of every reference that is judged."""
    with duckdb.connect() as con:
        create_macros(con)
        con.execute("CREATE TABLE params AS SELECT DATE '2026-03-31' AS as_of")
        for table, columns in COLUMNS.items():
            kinds = ", ".join(f"{name} {'DATE' if name == 'arrived' else 'VARCHAR'}" for name in columns)
            con.execute(f"CREATE TABLE {table} ({kinds})")
            for row in given.get(table, []):
                con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        sql = Model.load("records/reference_gaps").sql
        columns_shown = "channel, contract, field, count_rows, count_missing, share_missing"
        return con.execute(f"SELECT {columns_shown} FROM ({sql}) ORDER BY ALL").fetchall()


def sale(order: str, product: str | None, back: str | None = None, before: int = 0) -> tuple[object, ...]:
    return ("pos", "pos", AS_OF - timedelta(days=before), order, product, back)


def test_rows_of_the_day_are_counted_by_whether_what_they_name_is_known() -> None:
    found = gaps(
        order_line_rows=[
            sale("R1", "A", before=9),
            sale("R2", "X", before=1),  # of an earlier day
            sale("R3", "A"),
            sale("R4", "X"),
            sale("R5", None, back="R1"),
            sale("R6", "B", back="R0"),
        ],
        product_rows=[(AS_OF, "A"), (AS_OF, "B"), (AS_OF + timedelta(days=1), "X")],
        loyalty_event_rows=[("points", "pos", AS_OF, "R1"), ("points", "pos", AS_OF, "R9")],
    )
    assert found == [
        ("points", "loyalty_events", "order_id", 2, 1, Decimal("0.500000")),
        ("pos", "order_lines", "product_id", 3, 1, Decimal("0.333333")),
        ("pos", "order_lines", "returns_order_id", 2, 1, Decimal("0.500000")),
    ]


def test_a_target_that_nobody_brings_at_all_is_not_missed() -> None:
    found = gaps(
        order_line_rows=[sale("R1", "A")],
        delivery_rows=[("courier", "web", AS_OF, "W1")],
        campaign_target_rows=[("mail", AS_OF, "C1")],
    )
    assert found == []


def test_campaigns_are_known_whoever_brought_them() -> None:
    found = gaps(
        campaign_rows=[(AS_OF - timedelta(days=30), "C1")],
        interaction_rows=[("mail", AS_OF, "C1"), ("mail", AS_OF, "C2"), ("mail", AS_OF, None)],
    )
    assert found == [("mail", "interactions", "campaign_id", 2, 1, Decimal("0.500000"))]
