"""The first night of a month takes out what retention shows no longer, and nothing else; what it says stays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import assets.removal_raw
from assets.context import open_context
from assets.records import all_units
from assets.removal import CHECKPOINTS, finish_removal, remove_expired
from data_quality.leaks import missed, scan
from data_quality.needles import Needle
from pipelines.erasure_proof import person_needles, search_roots
from pipelines.subject import Subject
from tests.support.keeping import AGUS, PARCEL_COLUMNS, in_old_shop, with_parcels
from tests.support.nights import (
    FORM_COLUMNS,
    account,
    bring,
    checksums,
    copied,
    customers_of,
    deliver,
    forget,
    known,
    night,
    satu,
    table_of,
)

BEFORE, DAY = "2026-04-10", date(2026, 5, 1)
MADE = (
    "conservation", "dim_channel", "quarantine", "match_edges", "customer_links", "customer_attributes",
    "customer_profile", "households", "relationships",
)  # fmt: skip
SOLD = "SELECT order_id, record_key, card_text, amount, occurrence FROM order_line_rows ORDER BY line"
GONE = ("form:1", "form:2", "till:9")
ALONE = ("sri@toko.id", "Rina Wati", "rina@toko.id", "Tono Lama", "Budi Hilang")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After two days, before anything was removed."""
    home = in_old_shop(tmp_path_factory.mktemp("removal") / "shop")
    for day in (BEFORE, DAY):
        night(home, day, selected=MADE)
    return home


@pytest.fixture(scope="module")
def emptied(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After the removal of the second day."""
    home = copied(shop, tmp_path_factory.mktemp("removal") / "shop")
    remove(home)
    return home


def remove(home: Path, day: date = DAY) -> None:
    context = open_context(home)
    remove_expired(context, all_units(context), day)


def removals(home: Path) -> list[tuple[str, int]]:
    lines = (home / "warehouse/ledger/removals.jsonl").read_text().splitlines()
    return [(entry["as_of"], entry["records"]) for entry in map(json.loads, lines)]


def stored(home: Path) -> dict[str, bytes]:
    """Every file of raw rows, records and quarantine."""
    folders = ("raw", "vault/records", "vault/quarantine")
    paths = (path for name in folders for path in (home / "warehouse" / name).rglob("*.*"))
    return {str(path.relative_to(home)): path.read_bytes() for path in paths}


def test_who_is_kept_no_longer_is_found_before_and_nowhere_after(shop: Path, emptied: Path) -> None:
    context = open_context(shop)
    needles = person_needles(context, [Subject(0, ("form:2",)), Subject(0, ("till:9",))])
    needles += [Needle((value,)) for value in ALONE] + [Needle(("form:1",), is_key=True)]
    assert "Dewi Lestari" in {value for needle in needles for value in needle.values}
    assert not [needles[n] for n in missed(needles, scan(search_roots(context), needles))]
    assert scan(search_roots(open_context(emptied)), needles) == []


def test_what_the_day_shows_stays_as_it_is(shop: Path, emptied: Path, tmp_path: Path) -> None:
    told = {key: value for key, value in checksums(shop).items() if key[1] == DAY.isoformat()}
    assert {key: checksums(emptied)[key] for key in told} == told
    again = copied(emptied, tmp_path / "shop")
    night(again, DAY, selected=MADE)
    assert {key: checksums(again)[key] for key in told} == told, (
        "conservation counts the same rows as expired"
    )


def test_the_rows_of_others_stay_on_older_days(shop: Path, emptied: Path) -> None:
    numbers = {row["record_key"]: row["customer_id"] for row in rows_of(shop, "customer_links")}
    assert numbers["form:1"] == numbers["till:8"], "one customer, whose form goes"
    links = rows_of(emptied, "customer_links")
    assert {row["record_key"]: row["customer_id"] for row in links} == {
        key: number for key, number in numbers.items() if key not in GONE
    }
    assert {row["anchor"] for row in links} == {row["record_key"] for row in links}
    of_others = {numbers["till:8"], numbers["form:6"]}
    profiles = {row["customer_id"]: row for row in rows_of(shop, "customer_profile")}
    after = {row["customer_id"]: row for row in rows_of(emptied, "customer_profile")}
    assert after.keys() == of_others
    assert after[numbers["form:6"]] == profiles[numbers["form:6"]]
    assert after[numbers["till:8"]]["phone"] == profiles[numbers["till:8"]]["phone"]
    assert (profiles[numbers["till:8"]]["email"], after[numbers["till:8"]]["email"]) == ("sri@toko.id", None)


def rows_of(home: Path, table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = table_of(home, table, BEFORE).to_pylist()
    return rows


def test_every_row_stays_accounted_for(shop: Path, emptied: Path) -> None:
    before, after = account(shop), account(emptied)
    assert after["2026-01-10.csv", "contacts.1"] == {"expired": 2, "quarantined": 2}
    assert after["a.csv", "contacts.1"] == {"accepted": 1, "expired": 1, "filtered": 3, "duplicate": 1}
    for key, rows in before.items():
        expired = after[key].get("expired", 0)
        same = {verdict: count for verdict, count in after[key].items() if verdict != "expired"}
        assert same.get("accepted", 0) + expired == rows["accepted"], key
        assert {**same, "accepted": rows["accepted"]} == rows, key


def test_orders_stay_as_anonymous_sales(shop: Path, emptied: Path) -> None:
    sql = "SELECT order_id, record_key, product_id, amount, occurrence FROM order_line_rows ORDER BY line"
    sales = known(emptied, DAY, sql)
    assert sales == known(shop, DAY, sql)
    assert [(row["order_id"], row["record_key"]) for row in sales][2:4] == [("R3", None), ("R3", None)]
    (path,) = (emptied / "warehouse/raw/till").glob("*.parquet")
    raw = pq.read_table(path).to_pylist()
    assert [row["customer"] for row in raw if row["receipt"] == "R3"] == [None, None]
    assert {row["_row_hash"] for row in raw} == {
        row["_row_hash"] for row in pq.read_table(shop / path.relative_to(emptied)).to_pylist()
    }


def test_old_rows_delivered_again_bring_nobody_back(emptied: Path, tmp_path: Path) -> None:
    home = copied(emptied, tmp_path / "shop")
    deliver(
        home, "form/2026-05-20.csv", FORM_COLUMNS, AGUS, {"id": "2", "day": "2026-05-20", "name": "Agus S"}
    )
    assert account(home)["2026-05-20.csv", "contacts.1"] == {"accepted": 1, "duplicate": 1}
    sql = "SELECT record_key, full_name, email FROM contact_rows WHERE record_key = 'form:2'"
    assert known(home, "2026-05-21", sql) == [
        {"record_key": "form:2", "full_name": "Agus S", "email": None},
    ]
    remove(home, date(2026, 6, 1))
    assert removals(home) == [("2026-05-01", 3), ("2026-06-01", 0)]
    assert scan(search_roots(open_context(home)), [Needle(("agus@toko.id",))]) == []


def test_records_read_again_from_what_is_left_are_the_same(emptied: Path, tmp_path: Path) -> None:
    home = copied(emptied, tmp_path / "shop")
    forget(home, "vault/records")
    bring(home)
    for name, content in stored(emptied).items():
        if name.endswith(".parquet"):
            assert stored(home)[name] == content, name
    assert account(home) == account(emptied)


def test_of_a_row_about_several_only_the_cells_of_who_goes_are_emptied(tmp_path: Path) -> None:
    home = with_parcels(tmp_path / "shop")
    before = account(home)
    sold = known(home, DAY, SOLD)
    remove(home)
    (path,) = (home / "warehouse/raw/shop").glob("*.parquet")
    rows = {row["receipt"]: row for row in pq.read_table(path).to_pylist()}
    filled = {
        receipt: {name for name, value in row.items() if value is not None and not name.startswith("_")}
        for receipt, row in rows.items()
    }
    sale = {"receipt", "day", "item", "amount"}
    hers = {*sale, "customer", "name", "phone"}
    assert filled == {"R1": {*hers, "note", "card"}, "R2": sale, "R3": sale, "R4": hers}
    assert rows["R3"]["_expired"] == "contacts.1=expired contacts.2=filtered order_lines.1=filtered"
    assert known(home, DAY, SOLD) == sold
    after = account(home)
    assert (
        after["a.csv", "order_lines.1"] == before["a.csv", "order_lines.1"] == {"accepted": 3, "filtered": 1}
    )
    assert after["a.csv", "contacts.1"] == {"accepted": 2, "expired": 2}
    assert after["a.csv", "contacts.2"] == {"expired": 1, "filtered": 3}
    remove(home, date(2026, 9, 1))
    rows = pq.read_table(path).to_pylist()
    assert [{name for name in PARCEL_COLUMNS if row[name] is not None} for row in rows] == [sale] * 4
    assert known(home, DAY, "SELECT COUNT(*) AS n FROM order_line_rows WHERE record_key IS NULL") == [
        {"n": 3}
    ]


class CutOffError(Exception):
    """Stands for the end of a process."""


def cut_off(raw: object) -> None:
    raise CutOffError


def test_a_removal_cut_off_anywhere_is_finished_by_the_next_command(
    shop: Path, emptied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(shop, tmp_path / "shop")
    context = open_context(home)
    waiting = list(CHECKPOINTS)

    def stop_at_next(name: object) -> None:
        if waiting and name == waiting[0]:
            waiting.pop(0)
            raise CutOffError

    with pytest.raises(CutOffError):
        remove_expired(context, all_units(context), DAY, stop_at_next)
    with monkeypatch.context() as patch, pytest.raises(CutOffError):
        patch.setattr(assets.removal_raw, "write_raw_meta", cut_off)
        finish_removal(context)
    while waiting:
        with pytest.raises(CutOffError):
            finish_removal(context, stop_at_next)
    finish_removal(context)
    assert stored(home) == stored(emptied)
    assert checksums(home) == checksums(emptied)
    assert removals(home) == removals(emptied)


def test_a_month_does_it_once_and_a_day_of_the_past_not_at_all(emptied: Path, tmp_path: Path) -> None:
    home = copied(emptied, tmp_path / "shop")
    for day in (date(2026, 5, 31), date(2026, 4, 10)):
        remove(home, day)
    assert removals(home) == [("2026-05-01", 3)]
    assert stored(home) == stored(emptied)


def test_without_purposes_nothing_is_read_or_written(shop: Path, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "shop")
    settings = home / "satu.yaml"
    settings.write_text(settings.read_text().splitlines()[0] + "\n")
    context = open_context(home)
    assert remove_expired(context, [], DAY) == []
    assert not (home / "warehouse/ledger/removals.jsonl").exists()


@pytest.mark.slow
def test_the_night_does_it_and_older_releases_go(tmp_path: Path) -> None:
    home = in_old_shop(tmp_path / "shop")
    needles = [Needle((value,)) for value in ("sri@toko.id", "agus@toko.id", "Rina Wati", "Budi Hilang")]
    for day in (BEFORE, "2026-04-11"):
        said = satu("run", "--home", home, "--as-of", day)
        assert said.code == 0, said.err
    assert [day for day, _ in removals(home)] == [BEFORE]
    assert not missed(needles, scan(search_roots(open_context(home)), needles))
    assert satu("run", "--home", home, "--as-of", DAY.isoformat()).code == 0
    assert [day for day, _ in removals(home)] == [BEFORE, DAY.isoformat()]
    assert scan(search_roots(open_context(home)), needles) == []
    assert len(list((home / "warehouse/releases").glob("[0-9]*"))) == 1
    assert satu("backfill", "--home", home, BEFORE, BEFORE).code == 0
    assert len(removals(home)) == 2
    assert set(customers_of(home, BEFORE)) == {"form:6", "till:8"}
