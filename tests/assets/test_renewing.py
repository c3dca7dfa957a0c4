"""Stored days once more: to the byte as they were when nobody went, as of fewer people when somebody did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.context import open_context
from assets.forgetting import forget_in_partitions
from assets.night import newest_whole_day
from assets.records import all_units
from assets.renewing import Renewal, renew_days
from assets.suppression import suppress, suppression_entries
from assets.tables import workspace_tables
from tests.pipelines.steward import DAY, NEXT_DAY, PEOPLE, shop_in
from tests.support.nights import (
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    checksums,
    company,
    copied,
    customers_of,
    deliver,
    gate_in_sql,
    known,
    night,
    table_of,
)

DAYS = (DAY, NEXT_DAY)
SRI = ("form:1", "form:2", "till:8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The company of steward.py after two nights."""
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        home = shop_in(tmp_path_factory.mktemp("renewing") / "shop")
        deliver(home, f"form/{NEXT_DAY}.csv", FORM_COLUMNS, {"day": NEXT_DAY} | PEOPLE[5])
        night(home, NEXT_DAY)
        yield home


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "shop")


def renew(home: Path) -> list[tuple[str, str]]:
    """Make both days again; what changed."""
    context = open_context(home)
    units = all_units(context)
    changed = [Renewal(context, date.fromisoformat(day), units).renew() for day in DAYS]
    return [(found.after.table, found.after.as_of.isoformat()) for day in changed for found in day]


def test_a_day_that_nobody_left_stays_to_the_byte(home: Path) -> None:
    before = checksums(home)
    assert renew(home) == []
    assert checksums(home) == before
    assert list((home / "warehouse" / "staging").iterdir()) == []


def test_a_day_without_somebody_is_what_a_night_without_that_person_makes(home: Path, tmp_path: Path) -> None:
    context = open_context(home)
    suppress(context, suppression_entries(context, SRI))
    other = copied(home, tmp_path / "other")
    forget_in_partitions(context, [], SRI)
    changed = renew(home)
    assert {
        ("pareto_summary", DAY),
        ("cohorts", DAY),
        ("pareto_summary", NEXT_DAY),
        ("quality_results", DAY),
    } <= set(changed)
    assert renew(home) == []
    for day in DAYS:
        night(other, day)
    assert {k: v for k, v in checksums(home).items() if v != checksums(other)[k]} == {}


def test_a_day_of_another_version_loses_its_groups_rather_than_keep_old_ones(home: Path) -> None:
    context = open_context(home)
    profile = workspace_tables(context.workspace)["customer_profile"]
    stored = context.store.partition(profile, date.fromisoformat(DAY))
    assert stored is not None
    pq.write_table(pq.read_table(stored.path).drop_columns(["first_seen"]), stored.path)
    assert renew_days(context, all_units(context), date.fromisoformat(NEXT_DAY)) == [date.fromisoformat(DAY)]
    left = {table for table, day in checksums(home) if day == DAY}
    assert {"customer_links", "rfm", "clv"} <= left and not left & {
        "customers",
        "pareto_summary",
        "quality_results",
    }
    assert newest_whole_day(context) == date.fromisoformat(NEXT_DAY)


def test_the_stage_of_life_of_who_stays_does_not_turn_on_who_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sri, the only one who repeats, makes silences of two months usual: Agus is new for as long."""
    gate_in_sql(monkeypatch)
    home = company(tmp_path / "shop", TILL)
    sri = {"customer": "1", "name": "Sri Hartati", "item": "A", "amount": 10}
    agus = {"customer": "2", "name": "Agus Salim", "item": "A", "amount": 10}
    deliver(
        home, "till/a.csv", TILL_COLUMNS,
        sri | {"receipt": "R1", "day": "2026-01-01"},
        sri | {"receipt": "R2", "day": "2026-03-02"},
        agus | {"receipt": "R3", "day": "2026-01-20"},
    )  # fmt: skip
    night(home, "2026-03-05")

    def stages() -> dict[int, str]:
        table = table_of(home, "customers", "2026-03-05")
        return dict(zip(table["customer_id"].to_pylist(), table["lifecycle_stage"].to_pylist(), strict=True))

    before = stages()
    ids = customers_of(home, "2026-03-05")
    assert before == {ids["till:1"]: "active", ids["till:2"]: "new"}
    context = open_context(home)
    suppress(context, suppression_entries(context, ["till:1"]))
    forget_in_partitions(context, [], ["till:1"])
    assert renew_days(context, all_units(context), date(2026, 3, 5)) == []
    assert stages() == {ids["till:2"]: "new"}
    assert set(customers_of(home, "2026-03-05").values()) == {ids["till:2"]}
    later = "SELECT lifecycle_stage FROM customers"
    assert known(home, "2026-03-05", later) == [{"lifecycle_stage": "active"}], (
        "a night of fewer people says so"
    )
