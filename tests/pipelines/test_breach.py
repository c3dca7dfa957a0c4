"""What got out in, who is affected out: counts, kinds of data, the deadline, and where a notice reaches people."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.steward import told
from tests.support.nights import COMPANY, TILL, company, copied, customers_of, deliver, night, satu, write
from warehouse.chained_ledger import entries
from warehouse.workspace import load_workspace

DAY = "2026-03-02"
COLUMNS = ("receipt", "day", "customer", "name", "born", "phone", "mail", "street", "item", "amount")
SHOP = TILL.replace("nik: nik", "birth_date: born\n          address: street")
BLACKLIST = """\
kind,value,reason,evidence,contact_channel
email,sri@toko.id,dead,T-1,
record,till:2,abuse,T-2,
"""
PEOPLE = (
    {"customer": "1", "name": "Sri Hartati", "mail": "sri@toko.id", "street": "Jalan Melati 1"},
    {"customer": "2", "name": "Agus Salim", "mail": "agus@toko.id"},
    {"customer": "3", "name": "Dewi Lestari", "mail": "dewi@toko.id", "born": "2014-05-01"},
    {"customer": "4", "name": "Rina Wati"},
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sri's mailbox is dead, Agus is blacklisted, Dewi is a child, Rina has no address; two files share a row."""
    settings = COMPANY + "contact: {channels: [email, mail, phone]}\n"
    made = company(tmp_path_factory.mktemp("breach") / "shop", SHOP, settings=settings)
    write(made, "decisions/blacklist.csv", BLACKLIST)
    sold = [
        {"receipt": f"R{i}", "day": f"2026-03-0{1 + i // 2}", "item": "A", "amount": 5} | person
        for i, person in enumerate(PEOPLE)
    ]
    deliver(made, "till/first.csv", COLUMNS, *sold[:3], {"receipt": "R9", "day": "2026-03-01", "amount": "?"})
    deliver(made, "till/second.csv", COLUMNS, sold[2], sold[3])
    night(made, DAY, publish=True)
    return made


def affected(home: Path, *words: object) -> dict[str, Any]:
    return told(home, "privacy", "affected", *words)


def test_a_row_that_repeats_another_files_counts_in_both(home: Path) -> None:
    first, second = affected(home, "--file", "first.csv"), affected(home, "--file", "landing/till/second.csv")
    assert (first["rows"], first["customers"], first["children"], first["rows_of_nobody"]) == (4, 3, 1, 1)
    assert (second["rows"], second["customers"], second["children"]) == (2, 2, 1)


def test_a_copy_under_another_name_is_known_by_its_content(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "found_on_the_net.csv"
    copy.write_bytes((home / "landing/till/second.csv").read_bytes())
    assert affected(home, "--file", copy)["customers"] == 2


def test_days_narrow_what_got_out(home: Path) -> None:
    found = affected(home, "--channel", "till", "--from", "2026-03-02")
    assert (found["customers"], found["scope"]["from"]) == (2, "2026-03-02")


def test_the_kinds_of_data_are_those_the_channel_maps(home: Path) -> None:
    fields = affected(home, "--channel", "till")["fields"]
    assert {"birth_date", "email", "full_name", "phone"} <= set(fields["personal"])
    assert "internal" not in fields


def test_a_table_affects_whom_it_names_and_shows_its_own_columns(home: Path) -> None:
    found = affected(home, "--table", "rfm")
    assert found["customers"] == 4 and "monetary" in found["fields"]["pseudonym"]
    assert affected(home, "--table", "rfm", "--until", "2026-02-01")["customers"] == 0


def test_the_notice_is_due_three_days_after_it_was_noticed(home: Path) -> None:
    assert affected(home, "--channel", "till")["notice_by"] is None
    due = affected(home, "--channel", "till", "--noticed", "2026-03-02T08:15")["notice_by"]
    assert due == "2026-03-05T08:15+07:00"


def test_the_list_names_an_address_that_works_and_its_making_is_sealed(home: Path, tmp_path: Path) -> None:
    shop, path = copied(home, tmp_path / "shop"), tmp_path / "list.csv"
    found = affected(shop, "--channel", "till", "--to", path)
    ids = customers_of(shop, DAY)
    with path.open(encoding="utf-8", newline="") as file:
        listed = {int(r["customer_id"]): (r["contact_channel"], r["address"]) for r in csv.DictReader(file)}
    assert listed == {
        ids["till:1"]: ("mail", "Jalan Melati 1"),
        ids["till:2"]: ("email", "agus@toko.id"),
        ids["till:3"]: ("email", "dewi@toko.id"),
        ids["till:4"]: ("", ""),
    }
    assert (found["customers"], found["reached_in_writing"]) == (4, 3)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ledger = shop / "warehouse" / "ledger" / "breaches.jsonl"
    (entry,) = entries(ledger, load_workspace(shop).secret)
    assert (entry["customers"], entry["scope"]["name"]) == (4, "till")
    assert not any(person["name"].split()[0] in json.dumps(entry) for person in PEOPLE)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "what got out is not clear"),
        (("--channel", "till", "--table", "rfm"), "what got out is not clear"),
        (("--channel", "tills"), "there is no channel `tills`"),
        (("--table", "nothing"), "there is no table `nothing`"),
        (("--table", "dim_date"), "table dim_date names nobody"),
        (("--file", "unknown.csv"), "no delivered file has this name or content"),
        (("--channel", "till", "--noticed", "noon"), "`noon` is not a time"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    home: Path, words: tuple[str, ...], sentence: str
) -> None:
    said = satu("privacy", "affected", *words, "--home", home)
    assert said.code == 2 and sentence in said.err
