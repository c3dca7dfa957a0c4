"""Retention by purpose over nights: records out of time in, gone for good out; sales and numbers stay."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.context import open_context
from assets.keeping import forget_anchors
from tests.support.keeping import DATED, KEEPING, SRI, in_shop
from tests.support.nights import (
    COMPANY,
    FORM_COLUMNS,
    company,
    copied,
    customers_of,
    deliver,
    known,
    night,
    one,
    table_of,
    write,
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After the nights of the last day of Sri's form and of the day it is kept no longer."""
    home = in_shop(tmp_path_factory.mktemp("keeping") / "shop")
    night(home, "2026-04-10")
    night(home, "2026-04-11", publish=True)
    return home


def test_a_record_is_gone_the_day_after_its_longest_purpose_ran_out(shop: Path) -> None:
    assert set(customers_of(shop, "2026-04-10")) == {"form:1", "form:2", "till:8"}
    assert set(customers_of(shop, "2026-04-11")) == {"form:2", "till:8"}
    assert set(customers_of(shop, "2026-04-30")) == {"form:2", "till:8"}, "31 January and three months"
    assert set(customers_of(shop, "2026-05-01")) == {"till:8"}


def test_an_order_of_a_record_kept_no_longer_stays_as_an_anonymous_sale(shop: Path) -> None:
    sql = "SELECT order_id, record_key FROM visible_order_lines ORDER BY order_id"
    assert [row["record_key"] for row in known(shop, "2024-03-01", sql)] == ["till:9"]
    assert [row["record_key"] for row in known(shop, "2026-04-11", sql)] == ["till:8", None]
    total = "SELECT CAST(SUM(net_revenue) AS INTEGER) FROM orders"
    assert one(shop, "2026-04-11", total) == 17


def test_others_keep_the_number_that_came_from_the_anchor(shop: Path, tmp_path: Path) -> None:
    before = {
        row["record_key"]: row["customer_id"]
        for row in table_of(shop, "customer_links", "2026-04-10").to_pylist()
    }
    after = {
        row["record_key"]: row["customer_id"]
        for row in table_of(shop, "customer_links", "2026-04-11").to_pylist()
    }
    assert before["form:1"] == before["till:8"] == after["till:8"]
    assert set(after) == {"form:2", "till:8"}, "matched from the state of the night before"
    history = table_of(shop, "customer_id_history", "2026-04-11").to_pylist()
    assert not [row for row in history if row["customer_id"] == after["till:8"]]
    unhinged = copied(shop, tmp_path / "shop")
    (unhinged / "warehouse/ledger/anchors.parquet").unlink()
    assert customers_of(unhinged, "2026-04-11")["till:8"] != after["till:8"]


def test_an_erased_record_leaves_no_stub(shop: Path, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "shop")
    context = open_context(home)
    stubs = home / "warehouse/ledger/anchors.parquet"
    with context.engine() as engine:
        sri, agus = (engine.scalar("SELECT keyed_hash($1)", [key]) for key in ("till:8", "form:2"))
    assert sri in pq.read_table(stubs).column("record_hash").to_pylist()
    forget_anchors(context, {agus})
    assert sri in pq.read_table(stubs).column("record_hash").to_pylist()
    forget_anchors(context, {sri})
    assert sri not in pq.read_table(stubs).column("record_hash").to_pylist()


@pytest.mark.slow
def test_a_day_made_again_under_new_periods_keeps_its_numbers(tmp_path: Path) -> None:
    home = in_shop(tmp_path / "shop", settings=COMPANY)
    night(home, "2026-04-11")
    before = customers_of(home, "2026-04-11")
    write(home, "satu.yaml", KEEPING)
    night(home, "2026-04-11")
    assert customers_of(home, "2026-04-11") == {key: before[key] for key in ("form:2", "till:8")}


def test_a_number_is_handed_on_when_its_bearer_goes_as_well(shop: Path, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "shop")
    number = customers_of(home, "2026-04-11")["till:8"]
    deliver(home, "form/c.csv", FORM_COLUMNS, SRI | {"id": "3", "day": "2026-08-20"})
    night(home, "2026-09-01")
    night(home, "2026-09-02")
    assert customers_of(home, "2026-09-02") == {"form:3": number}


@pytest.mark.slow
def test_what_comes_again_after_its_end_begins_anew(shop: Path, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "shop")
    deliver(home, "form/c.csv", FORM_COLUMNS, {"id": "2", "day": "2026-07-01", "name": "Agus Salim"})
    sql = "SELECT email FROM customer_profile WHERE full_name = 'Agus Salim'"
    assert known(home, "2026-07-02", sql) == [{"email": None}]
    assert known(home, "2026-04-30", sql) == [{"email": "agus@toko.id"}]


@pytest.mark.slow
def test_nights_in_between_make_no_difference(shop: Path, tmp_path: Path) -> None:
    home = in_shop(tmp_path / "shop")
    for day in ("2026-04-10", "2026-04-11"):
        assert set(customers_of(home, day)) == set(customers_of(shop, day))


def test_rows_kept_no_longer_are_counted_and_quarantine_lets_go_as_well(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", DATED, settings=KEEPING)
    broken: dict[str, object] = {"id": "4", "day": "2026-13-45", "name": "Rina Wati"}
    deliver(home, "form/2026-01-10.csv", FORM_COLUMNS, SRI | {"id": "1", "day": "2026-01-10"}, broken)
    found = {}
    for day in ("2026-04-10", "2026-04-11"):
        night(home, day, selected=["conservation", "dim_channel", "quarantine"])
        (row,) = table_of(home, "conservation", day).to_pylist()
        waiting = table_of(home, "quarantine", day).num_rows
        found[day] = [row[name] for name in ("received", "accepted", "quarantined", "expired")], waiting
    assert found == {"2026-04-10": ([2, 1, 1, 0], 1), "2026-04-11": ([2, 0, 1, 1], 0)}


def test_a_channel_with_a_purpose_without_a_period_is_kept_for_ever(tmp_path: Path) -> None:
    home = in_shop(tmp_path / "shop", settings=COMPANY + "retention: {purposes: {marketing: 3 months}}\n")
    assert set(customers_of(home, "2030-01-01")) == {"till:8", "till:9"}
