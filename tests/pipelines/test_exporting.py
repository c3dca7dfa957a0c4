"""Lists through the one door: who may be contacted, with one address, written into the ledger first."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.context import open_context
from assets.people_logs import exports_with
from pipelines.list_files import guarded
from tests.pipelines.clubs import DAY
from tests.support.nights import customers_of, satu
from warehouse.chained_ledger import entries
from warehouse.errors import SatuError

HEAD = ["customer_id", "full_name", "contact_channel", "address"]
AGUS, RINA, SRI = (
    ("Agus Salim", "email", "agus@toko.id"),
    ("=Rina", "whatsapp", "+6281234567803"),
    ("Sri Hartati", "email", "sri@toko.id"),
)


def exported(home: Path, *words: object) -> Path:
    """The file a command wrote."""
    said = satu("export", *map(str, words), "--json", "--home", home)
    assert said.code == 0, said.err
    return Path(json.loads(said.out)["path"])


def read_back(path: Path) -> list[list[Any]]:
    """The cells of a file, the header first, customer numbers as numbers."""
    if path.suffix == ".csv":
        rows: list[list[Any]] = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    elif path.suffix == ".xlsx":
        rows = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    elif path.suffix == ".json":
        found = json.loads(path.read_text(encoding="utf-8"))
        rows = [list(found[0]), *(list(row.values()) for row in found)]
    else:
        table = pq.read_table(path)
        rows = [table.column_names, *(list(row.values()) for row in table.to_pylist())]
    return [rows[0], *([int(row[0]), *row[1:]] for row in rows[1:])]


def ledger(home: Path) -> list[dict[str, Any]]:
    context = open_context(home)
    return entries(context.workspace.warehouse / "ledger" / "exports.jsonl", context.workspace.secret)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
def test_a_list_holds_who_may_be_contacted_with_number_name_and_one_address(club: Path, ending: str) -> None:
    path = exported(club, "everybody", "--to", f"list.{ending}")
    quote = "'" if ending == "csv" else ""
    head, *rows = read_back(path)
    assert head == HEAD
    assert sorted(tuple(row[1:]) for row in rows) == sorted([AGUS, (quote + RINA[0], *RINA[1:]), SRI])
    ids = customers_of(club, DAY)
    assert sorted(row[0] for row in rows) == sorted(ids[f"club:{n}"] for n in (1, 3, 5))
    assert path.parent == club / "exports"
    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_channel_of_contact_keeps_those_who_may_be_reached_through_it(club: Path, tmp_path: Path) -> None:
    path = exported(club, "everybody", "--to", tmp_path / "list.json", "--channel", "whatsapp")
    names = sorted(row[1:] for row in read_back(path)[1:])
    assert names == [["=Rina", "whatsapp", "+6281234567803"], ["Sri Hartati", "whatsapp", "+6281234567801"]]


def test_further_columns_are_those_kept_for_the_lists_purpose(club: Path) -> None:
    path = exported(club, "studied", "--to", "list.json", "--columns", "hobbies,contact_from")
    found = {row["full_name"]: row for row in json.loads(path.read_text(encoding="utf-8"))}
    assert (found["=Rina"]["hobbies"], found["Sri Hartati"]["contact_from"]) == ("catur", "09:00")
    refused = satu("export", "everybody", "--to", "list.csv", "--columns", "hobbies", "--home", club)
    assert (refused.code, "kept for analysis" in refused.err) == (2, True)
    refused = satu("export", "studied", "--to", "list.csv", "--columns", "phone", "--home", club)
    assert (refused.code, "kept for contact" in refused.err) == (2, True)


def test_every_export_is_in_the_ledger_without_saying_who(club: Path) -> None:
    path = exported(club, "everybody", "--to", "list.csv")
    (line,) = ledger(club)
    told = ("list", "purpose", "as_of", "release", "rows", "people", "columns", "file")
    assert [line[name] for name in told] == ["everybody", "marketing", DAY, 1, 3, 3, HEAD, "list.csv"]
    assert line["file_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    ids = customers_of(club, DAY)
    context = open_context(club)
    assert exports_with(context, [ids["club:1"]]) == [line]
    assert exports_with(context, [ids["club:2"]]) == []
    written = b"".join(
        p.read_bytes() for p in (club / "warehouse" / "ledger").rglob("export*") if p.is_file()
    )
    for word in ("Sri", "agus@toko.id", "81234567803", *map(str, ids.values())):
        assert word.encode() not in written


def test_nothing_leaves_when_the_ledger_was_tampered_with(club: Path) -> None:
    exported(club, "everybody", "--to", "first.csv")
    path = club / "warehouse" / "ledger" / "exports.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("marketing", "service"), encoding="utf-8")
    with pytest.raises(SatuError):
        ledger(club)
    assert satu("export", "everybody", "--to", "second.csv", "--home", club).code == 1
    assert not (club / "exports" / "second.csv").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody", "--to", "list.csv"), "enrichment_queue, everybody, studied"),
        (("everybody", "--to", "list.doc"), ".csv, .xlsx, .parquet, .json"),
        (("everybody", "--to", "nowhere/list.csv"), "the folder is not there"),
        (("everybody", "--to", "list.csv", "--channel", "fax"), "email, whatsapp"),
        (("enrichment_queue", "--to", "list.csv"), "nobody is in `enrichment_queue`"),
    ],
)
def test_what_cannot_be_written_is_said_and_leaves_no_trace(
    club: Path, words: tuple[str, ...], said: str
) -> None:
    refused = satu("export", *words, "--home", club)
    assert refused.code == 2 and said in refused.err
    assert ledger(club) == []


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+62 x", "'+62 x"),
        ("+6281234567801", "+6281234567801"),
        ("-2", "'-2"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("Sri = 1", "Sri = 1"),
        (None, None),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_quoted(cell: str | None, written: str | None) -> None:
    rows = pa.table({"name": pa.array([cell], pa.string()), "amount": pa.array([-2])})
    assert guarded(rows).to_pylist() == [{"name": written, "amount": -2}]


@given(st.lists(st.text(alphabet="=+-@\t\r\n \"',;a0", max_size=6), max_size=5))
def test_no_cell_of_a_csv_begins_as_a_formula(cells: list[str]) -> None:
    rows = guarded(pa.table({"name": pa.array(cells, pa.string())})).column("name").to_pylist()
    for cell, written in zip(cells, rows, strict=True):
        assert written in (cell, "'" + cell)
        assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or re.fullmatch(
            r"\+[0-9]+", written
        )
