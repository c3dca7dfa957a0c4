"""Delivered files that hold a person are found in every format; only where a channel says so, lines go."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from assets.context import open_context
from assets.landing_erasure import landing_files_with, rewrite_landing
from data_quality.needles import Needle
from tests.support.nights import FORM, FORM_COLUMNS, TILL, TILL_COLUMNS, bring, company, deliver, known, write

DAY, LATER = "2026-01-05", date(2026, 1, 20)
SRI = Needle(("sri@toko.id",))
ROWS = (
    {"id": "1", "day": DAY, "name": "Sri Hartati", "mail": "Sri@Toko.id"},
    {"id": "2", "day": DAY, "name": "Agus Hartati", "mail": "agus@toko.id"},
)
LIST = """
    channel: guests
    source:
      path: landing/guests/*
    maps:
      contacts:
        - source_id: id
          email: mail
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = company(tmp_path / "toko", FORM.replace("maps:", "on_erasure: rewrite\n    maps:"), TILL, LIST)
    deliver(made, "form/a.csv", FORM_COLUMNS, *ROWS)
    deliver(made, "form/others.csv", FORM_COLUMNS, ROWS[1])
    deliver(
        made,
        "till/a.csv",
        TILL_COLUMNS,
        {"receipt": "R1", "day": DAY, "customer": "8", "mail": "sri@toko.id"},
    )
    lines = [{"id": number, "mail": mail} for number, mail in enumerate(["sri@toko.id", "agus@toko.id"])]
    write(made, "landing/guests/a.json", json.dumps(lines))
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("id", "mail"), (7, "sri@toko.id")):
        book.active.append(row)
    book.save(made / "landing/guests/b.xlsx")
    bring(made)
    return made


def test_files_of_every_format_are_listed_by_path(home: Path) -> None:
    assert landing_files_with(open_context(home), [SRI]) == [
        "landing/form/a.csv", "landing/guests/a.json", "landing/guests/b.xlsx", "landing/till/a.csv",
    ]  # fmt: skip


def test_lines_go_only_where_the_channel_says_so_and_everything_else_stays_to_the_byte(home: Path) -> None:
    before = {path: path.read_bytes() for path in (home / "landing").rglob("*.*")}
    assert rewrite_landing(open_context(home), [SRI], LATER) == ["landing/form/a.csv"]
    changed = home / "landing/form/a.csv"
    assert changed.read_bytes() == b"".join(
        line for line in before[changed].splitlines(keepends=True) if b"Sri" not in line
    )
    assert {path for path, content in before.items() if path.read_bytes() != content} == {changed}
    assert "landing/form/a.csv" not in landing_files_with(open_context(home), [SRI])


def test_the_new_content_is_known_under_any_name(home: Path) -> None:
    sql = "SELECT record_key, line, file_seq FROM contact_rows ORDER BY ALL"
    records = known(home, LATER, sql)
    rewrite_landing(open_context(home), [SRI], LATER)
    context, registration = bring(home)
    assert (registration.new, registration.redelivered) == ([], [])
    write(home, "landing/form/again.csv", (home / "landing/form/a.csv").read_bytes())
    context, registration = bring(home)
    assert registration.new == [] and len(registration.redelivered) == 1
    assert context.ledger.replaced() == set()
    assert known(home, LATER, sql) == records


def test_a_file_with_open_quotations_is_left_to_its_owner(home: Path) -> None:
    text = 'id;day;name;phone;mail;nik\n3;2026-01-05;"Sri\nHartati";;sri@toko.id;\n'
    path = write(home, "landing/form/b.csv", text)
    assert rewrite_landing(open_context(home), [SRI], LATER) == ["landing/form/a.csv"]
    assert path.read_text() == text
    assert "landing/form/b.csv" in landing_files_with(open_context(home), [SRI])


def test_what_a_killed_rewrite_left_goes_and_nothing_else_that_is_hidden(home: Path) -> None:
    killed = write(home, "landing/form/.tmp-abc_12x9-a.csv", b"id;day\n")
    of_others = [
        write(home, f"landing/{name}", b"x")
        for name in ("form/.tmp-a.csv", "form/.tmp-abc_12x9-new.csv", "till/.tmp-abc_12x9-a.csv")
    ]
    rewrite_landing(open_context(home), [SRI], LATER)
    assert not killed.exists()
    assert all(path.exists() for path in of_others), "a delivery on its way is its sender's"
