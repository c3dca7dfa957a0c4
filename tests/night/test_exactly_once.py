"""What is delivered twice, late, corrected, written over or taken away counts once, on its day."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assets.bronze import raw_files
from assets.context import open_context
from assets.quarantine import waiting_rows
from assets.registering import register_landing
from pipelines.summary import stale_partitions
from tests.support.nights import (
    COMPANY,
    account,
    bring,
    checksums,
    company,
    known,
    night,
    satu,
    table_of,
    write,
)

SHOP = """
    channel: till
    source:
      path: landing/till/**/*
      options: {dates: ymd, decimal: "."}
    maps:
      contacts: {source_id: customer, seen_at: day, full_name: name}
      order_lines: {order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount}
"""
DATED = SHOP.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
HEADER = "receipt;day;customer;name;item;amount\n"
FIRST = "R1;2024-03-01;C1;Budi Santoso;tea;100\n"
TWICE = "R2;2024-03-01;C2;Dewi Lestari;tea;50\n" * 2
LAST = "R3;2024-03-02;C1;Budi Santoso;cup;70\n"
DAY = "2024-03-05"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = company(tmp_path / "shop", SHOP)
    write(home, "landing/till/a.csv", HEADER + FIRST + TWICE + LAST)
    return home


def lines(home: Path, as_of: str = DAY) -> list[tuple[str, float]]:
    """The order lines known on a day: what was sold, for how much."""
    sql = "SELECT product_id, net_revenue FROM order_lines"
    return sorted((row["product_id"], float(row["net_revenue"])) for row in known(home, as_of, sql))


SOLD = [("cup", 70.0), ("tea", 50.0), ("tea", 50.0), ("tea", 100.0)]


@pytest.mark.parametrize("again", ["till/a.csv", "till/copy.csv", "till/2024/deep/a.txt"])
def test_the_same_file_again_is_nothing_new(home: Path, again: str) -> None:
    assert lines(home) == SOLD
    content = (home / "landing/till/a.csv").read_bytes()
    write(home, f"landing/{again}", content)
    _, registration = bring(home)
    assert registration.new == []
    assert lines(home) == SOLD


def test_the_same_content_compressed_is_all_duplicates(home: Path) -> None:
    bring(home)
    write(home, "landing/till/a.csv.gz", gzip.compress((home / "landing/till/a.csv").read_bytes()))
    assert account(home)["a.csv.gz", "order_lines.1"] == {"duplicate": 4}
    assert lines(home) == SOLD


def test_overlapping_exports_give_each_order_line_once(home: Path) -> None:
    bring(home)
    new = "R4;2024-03-03;C3;Sri Wahyuni;jar;30\n"
    write(home, "landing/till/b.csv", HEADER + TWICE + LAST + new)
    assert account(home)["b.csv", "order_lines.1"] == {"accepted": 1, "duplicate": 3}
    assert lines(home) == sorted([*SOLD, ("jar", 30.0)])


def test_a_correction_supersedes_from_its_day_on_and_not_before(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", DATED)
    write(home, "landing/till/2024-03-01.csv", HEADER + FIRST)
    bring(home)
    write(home, "landing/till/2024-03-04.csv", HEADER + FIRST.replace("Santoso;tea;100", "Susanto;tea;90"))
    names = "SELECT DISTINCT full_name FROM customer_profile"
    assert lines(home, "2024-03-03") == [("tea", 100.0)]
    assert [row["full_name"] for row in known(home, "2024-03-03", names)] == ["Budi Santoso"]
    assert lines(home, "2024-03-04") == [("tea", 90.0)]
    assert [row["full_name"] for row in known(home, "2024-03-04", names)] == ["Budi Susanto"]


def test_a_file_written_over_in_its_place_is_a_new_delivery(home: Path) -> None:
    bring(home)
    write(home, "landing/till/a.csv", HEADER + FIRST.replace("100", "90") + "R5;2024-03-02;C1;;jar;5\n")
    _, registration = bring(home)
    assert [entry.seq for entry in registration.new] == [2]
    assert lines(home) == sorted([*SOLD[:-1], ("tea", 90.0), ("jar", 5.0)])


def test_what_was_read_of_a_file_written_over_stays_when_the_contract_changes(home: Path) -> None:
    bring(home)
    write(home, "landing/till/a.csv", HEADER + "R5;2024-03-02;C1;;jar;5\n")
    bring(home)
    company(home, SHOP.replace('decimal: "."', 'decimal: ".", null_values: [NULL]'))
    assert lines(home) == sorted([*SOLD, ("jar", 5.0)])


def test_a_file_taken_away_leaves_what_it_told(home: Path) -> None:
    bring(home)
    (home / "landing/till/a.csv").unlink()
    company(home, SHOP.replace('decimal: "."', 'decimal: ".", null_values: [NULL]'))
    assert lines(home) == SOLD


def test_a_file_that_changed_after_it_was_registered_is_read_as_what_it_was_or_not_at_all(home: Path) -> None:
    before = (home / "landing/till/a.csv").read_bytes()
    context = open_context(home)
    register_landing(context)
    write(home, "landing/till/a.csv", HEADER + "R5;2024-03-02;C1;;jar;5\n")
    (raw,) = raw_files(context, context.workspace.channels["till"])
    assert raw.error is not None
    assert raw.error.startswith("landing/till/a.csv: the file was changed or removed before it was read")
    assert lines(home) == [("jar", 5.0)]
    assert waiting_rows(context).num_rows == 0
    write(home, "landing/till/b.csv", before)
    assert lines(home) == sorted([*SOLD, ("jar", 5.0)])


def test_a_late_file_changes_its_own_days_which_are_stale_until_they_are_made_again(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", SHOP, settings=COMPANY + "history_start: 2024-03-01\n")
    days = ("2024-03-01", "2024-03-02")
    for day in days:
        write(home, f"landing/till/{day}.csv", HEADER + f"R{day};{day};C1;Budi Santoso;tea;100\n")
    for day in days:
        night(home, day)
    assert stale_partitions(open_context(home)) == []
    before = checksums(home)
    write(home, "landing/till/late.csv", HEADER + "R9;2024-03-02;C2;Dewi Lestari;cup;70\n")
    bring(home)
    assert {partition["as_of"] for partition in stale_partitions(open_context(home))} == {"2024-03-02"}
    night(home, "2024-03-02")
    assert stale_partitions(open_context(home)) == []
    after = checksums(home)
    assert {day for (name, day), checksum in after.items() if checksum != before.get((name, day))} == {
        "2024-03-02"
    }
    assert table_of(home, "orders", "2024-03-02").num_rows == 3


@pytest.mark.slow
def test_a_late_file_through_the_command_line(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", SHOP, settings=COMPANY + "history_start: 2024-03-01\n")
    for day in ("2024-03-01", "2024-03-02"):
        write(home, f"landing/till/{day}.csv", HEADER + f"R{day};{day};C1;Budi Santoso;tea;100\n")
    assert satu("backfill", "2024-03-01", "2024-03-02", "--home", home).code == 0
    write(home, "landing/till/late.csv", HEADER + "R9;2024-03-01;C2;Dewi Lestari;cup;70\n")
    assert satu("run", "--home", home).code == 0
    stale = {part["as_of"] for part in json.loads(satu("status", "--home", home, "--json").out)["stale"]}
    assert stale == {"2024-03-01"}
    assert satu("backfill", "2024-03-01", "2024-03-01", "--home", home).code == 0
    assert json.loads(satu("status", "--home", home, "--json").out)["stale"] == []
    sql = "SELECT COUNT(*) AS customers FROM customers"
    told = satu("query", "--as-of", "2024-03-01", "--home", home, "--format", "json", sql)
    assert json.loads(told.out) == [{"customers": 2}]
