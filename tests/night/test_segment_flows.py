"""Flows between segments and cohorts over a night: what a later merge changes, gated and made again alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.nights import (
    TILL,
    TILL_COLUMNS,
    checksums,
    company,
    deliver,
    gate_in_sql,
    night,
    table_of,
    write,
)

ARRIVING = "arrived: name:%Y-%m-%d\n      options:"
SAME = "record_a,record_b,decision,decided_on,by,note\ntill:1,till:2,same,2026-02-08,Dewi,\n"
MONTH_END, DAY = "2026-01-31", "2026-02-10"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sri buys with two cards; in February a steward says that both are hers. Agus comes in February."""
    home = company(tmp_path_factory.mktemp("flows") / "shop", TILL.replace("options:", ARRIVING))
    one = {"customer": "1", "name": "Sri Hartati", "phone": "081234567890"}
    two = {"customer": "2", "name": "Ibu Sri", "phone": "081111222333"}
    agus = {"customer": "3", "name": "Agus Salim", "phone": "081398765432"}
    sales = [
        ("2026-01-05", "R1", 100, one),
        ("2026-01-20", "R2", 50, two),
        ("2026-02-03", "R3", 20, two),
        ("2026-02-09", "R4", 70, agus),
        ("2026-02-09", "R5", 5, {}),
    ]
    for day, receipt, amount, who in sales:
        row = {"receipt": receipt, "day": day, "item": "A", "amount": amount, **who}
        deliver(home, f"till/{receipt} {day}.csv", TILL_COLUMNS, row)
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        night(home, MONTH_END)
        write(home, "decisions/pairs.csv", SAME)
        night(home, DAY)
    return home


def rows(home: Path, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = table_of(home, table, DAY).to_pylist()
    return [tuple(row[column] for column in columns) for row in found]


def test_people_merged_since_the_month_end_were_one_then_as_well(home: Path) -> None:
    """Two customers stood in January's table; today's flows begin with one, who brought all of it."""
    assert table_of(home, "rfm", MONTH_END).num_rows == 2
    flows = rows(home, "rfm_migration", "flow", "customers", "revenue", "previous_revenue")
    assert flows == [("new", 1, 70, 0), ("moved", 1, 170, 150)]


def test_the_merged_customer_is_in_the_cohort_of_the_first_card(home: Path) -> None:
    columns = ("months_since", "customers", "active", "revenue", "cumulative_revenue", "is_complete")
    assert rows(home, "cohorts", *columns) == [
        (0, 1, 1, 150, 150, True),
        (1, 1, 1, 20, 170, False),
        (0, 1, 1, 70, 70, False),
    ]


def test_both_totals_are_checked_before_a_table_is_stored(home: Path) -> None:
    found = rows(home, "quality_results", "table_name", "rule", "is_passed")
    assert {("rfm_migration", "balance", True), ("cohorts", "reconciliation", True)} <= set(found)


def test_either_table_made_again_alone_is_the_same(home: Path) -> None:
    before = checksums(home)
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        for name in ("rfm_migration", "cohorts"):
            night(home, DAY, selected=[name])
    assert checksums(home) == before
