"""Stored raw files after somebody is suppressed: nothing of the person, everything of everybody else."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import assets.purging
from assets.context import open_context
from assets.records import all_units
from assets.suppression import suppress, suppression_entries
from data_quality.leaks import scan_for_values
from tests.support.nights import COMPANY, FORM, FORM_COLUMNS, account, bring, company, copied, deliver, known

DAY = "2026-01-05"
SHOP = """
    channel: shop
    source:
      path: landing/shop/*.csv
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      contacts:
        - {source_id: customer, seen_at: day, full_name: name, phone: phone}
        - {as: recipient, where: to_name IS NOT NULL, source_id: customer, seen_at: day, full_name: to_name, phone: to_phone}
      order_lines: {order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount}
"""
SHOP_COLUMNS = (
    "receipt",
    "day",
    "customer",
    "name",
    "phone",
    "to_name",
    "to_phone",
    "note",
    "item",
    "amount",
)
SRI = {"name": "Sri Hartati", "phone": "081234567801"}
BUDI = {"name": "Budi Santoso", "phone": "081234567802"}
HERS = ("Sri Hartati", "081234567801", "sri@toko.id")
ORDERS = (
    {"receipt": "R1", "customer": "1", **SRI, "note": "gate 7"},
    {"receipt": "R2", "customer": "2", **BUDI, "to_name": "Sri Hartati", "to_phone": "081234567801"},
    {"receipt": "R3", "customer": "1", **SRI, "to_name": "Budi Santoso", "to_phone": "081234567802"},
    {"receipt": "R4", "customer": "2", **BUDI},
)
OF_BUDI = "SELECT * FROM order_line_rows WHERE record_key = 'shop:2' ORDER BY line"


@pytest.fixture(scope="module")
def toko(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = company(
        tmp_path_factory.mktemp("toko") / "toko", FORM, SHOP, settings=COMPANY + "history_start: 2026-01-01\n"
    )
    deliver(
        made, "form/a.csv", FORM_COLUMNS,
        {"id": "1", "day": DAY, "mail": "sri@toko.id"} | SRI, {"id": "2", "day": DAY} | BUDI,
    )  # fmt: skip
    rows = ({"day": DAY, "item": "A", "amount": 10} | order for order in ORDERS)
    deliver(made, "shop/a.csv", SHOP_COLUMNS, *rows)
    bring(made)
    return made


@pytest.fixture
def home(toko: Path, tmp_path: Path) -> Path:
    return copied(toko, tmp_path / "toko")


def forget_sri(home: Path) -> None:
    context = open_context(home)
    suppress(context, suppression_entries(context, ("form:1", "shop:1")))
    all_units(context)


def stored(home: Path, channel: str) -> list[dict[str, object]]:
    """The columns of the stored raw files of a channel that hold something."""
    (path,) = (home / "warehouse" / "raw" / channel).glob("*.parquet")
    rows = pq.read_table(path).to_pylist()
    return [{k: v for k, v in row.items() if v and not k.startswith("_")} for row in rows]


def test_nothing_stored_of_the_files_holds_the_person(home: Path) -> None:
    folders = [home / "warehouse" / name for name in ("raw", "vault")]
    assert {leak.path.parent.name for leak in scan_for_values(folders, HERS)} >= {"form", "shop"}
    forget_sri(home)
    assert scan_for_values(folders, HERS) == []


def test_what_is_of_others_in_the_same_rows_stays(home: Path) -> None:
    orders_of_budi = known(home, DAY, OF_BUDI)
    forget_sri(home)
    assert stored(home, "form") == [{"id": "2", "day": DAY} | BUDI]
    order = {"day": DAY, "item": "A", "amount": "10"}
    assert stored(home, "shop") == [
        {"receipt": "R2", "customer": "2", **BUDI} | order,
        {"day": DAY, "customer": "1", "to_name": "Budi Santoso", "to_phone": "081234567802"},
        {"receipt": "R4", "customer": "2", **BUDI} | order,
    ]
    assert known(home, DAY, OF_BUDI) == orders_of_budi
    keys = {row["record_key"] for row in known(home, DAY, "SELECT record_key FROM contact_rows")}
    assert keys == {"form:2", "shop:2", "shop:1/recipient"}


def test_every_row_that_came_stays_accounted_for(home: Path) -> None:
    forget_sri(home)
    assert account(home)["a.csv", "order_lines.1"] == {"accepted": 2, "suppressed": 2}
    assert account(home)["a.csv", "contacts.1"]["suppressed"] == 2
    rows = {
        (u.channel, u.contract, u.mapping): u.received - sum(u.counts.values())
        for u in all_units(open_context(home))
    }
    assert set(rows.values()) == {0}


def test_a_file_under_another_name_is_a_redelivery_and_one_in_another_form_is_stored_without_her(
    home: Path,
) -> None:
    forget_sri(home)
    landed = home / "landing" / "form" / "a.csv"
    (landed.parent / "again.csv").write_bytes(landed.read_bytes())
    _, registration = bring(home)
    assert (len(registration.new), len(registration.redelivered)) == (0, 1)
    deliver(
        home,
        "form/b.csv",
        FORM_COLUMNS,
        {"id": "9", "day": DAY, "mail": "SRI@toko.id"},
        {"id": "2", "day": DAY, **BUDI},
    )
    bring(home)
    assert scan_for_values([home / "warehouse" / name for name in ("raw", "vault")], HERS) == []
    assert account(home)["b.csv", "contacts.1"] == {"duplicate": 1, "suppressed": 1} or account(home)[
        "b.csv", "contacts.1"
    ] == {"accepted": 1, "suppressed": 1}


def test_one_cut_off_between_rows_and_their_description_is_finished(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(engine: object, raw: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(assets.purging, "_counted_again", cut_off)
        forget_sri(home)
    forget_sri(home)
    assert account(home)["a.csv", "order_lines.1"] == {"accepted": 2, "suppressed": 2}
    assert scan_for_values([home / "warehouse" / name for name in ("raw", "vault")], HERS) == []


def test_only_records_of_files_that_held_her_are_made_anew(home: Path) -> None:
    deliver(
        home, "form/b.csv", FORM_COLUMNS, {"id": "2", "day": DAY, **BUDI}, {"id": "3", "day": DAY, **BUDI}
    )
    bring(home)
    folder = home / "warehouse" / "vault" / "records" / "contacts" / "form"
    before = {path.name: path.stat().st_ino for path in folder.glob("*")}
    forget_sri(home)
    kept = {path.name for path in folder.glob("*") if path.stat().st_ino == before[path.name]}
    (entry,) = (e for e in open_context(home).ledger.entries("form") if e.path.endswith("b.csv"))
    assert {name.split(".")[0] for name in kept} == {entry.file_hash}
    assert account(home)["b.csv", "contacts.1"] == {"accepted": 1, "duplicate": 1}
