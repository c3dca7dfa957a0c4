"""Identifiers where no mapping reads them: unread columns, rows of others, broken lines, files nothing fits."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets.blanking import blank_raw
from assets.context import open_context
from assets.forgetting_names import forget_unborne_names
from assets.records import all_units
from data_quality.leaks import scan
from data_quality.needles import Needle
from tests.support.nights import FORM, FORM_COLUMNS, account, bring, company, copied, deliver, known, write

DAY = "2026-01-05"
BUDI = {"id": "2", "day": DAY, "name": "Budi Santoso", "phone": "081234567802"}
NEEDLES = [Needle(("sri@toko.id",)), Needle(("Sri", "0812345678"))]


@pytest.fixture(scope="module")
def toko(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = company(tmp_path_factory.mktemp("toko") / "toko", FORM)
    rows = (
        BUDI | {"note": "brought by Sri", "tel": "0812345678", "extra": "gate 7"},
        {"id": "3", "day": DAY, "name": "Rina Wati", "note": "writes to SRI@toko.id", "extra": "Sri"},
    )
    path = deliver(home, "form/a.csv", (*FORM_COLUMNS, "note", "tel", "extra"), *rows)
    path.write_text(path.read_text() + "4;x;Sri;;sri@toko.id;;;;;one cell too many\n")
    write(home, "landing/form/b.csv", "who;mail\nsri;sri@toko.id\nbudi;budi@toko.id\n")
    bring(home)
    return home


@pytest.fixture
def home(toko: Path, tmp_path: Path) -> Path:
    return copied(toko, tmp_path / "toko")


def rows(home: Path) -> list[dict[str, object]]:
    found = [
        pq.read_table(path).to_pylist()
        for path in sorted((home / "warehouse" / "raw" / "form").glob("*.parquet"))
    ]
    return [
        {k: v for k, v in row.items() if v and k[0] != "_"} for file in sorted(found, key=len) for row in file
    ]


def test_cells_and_lines_go_and_everything_else_stays(home: Path) -> None:
    people = known(home, DAY, "SELECT record_key, full_name, phones FROM contact_rows ORDER BY record_key")
    assert scan(home / "warehouse" / "raw", NEEDLES)
    blank_raw(open_context(home), NEEDLES)
    assert scan(home / "warehouse" / "raw", NEEDLES) == []
    by_id = {row.get("id", row.get("who")): row for row in rows(home)}
    assert by_id == {
        "budi": {"who": "budi", "mail": "budi@toko.id"},
        "2": BUDI | {"extra": "gate 7"},
        "3": {"id": "3", "day": DAY, "name": "Rina Wati", "extra": "Sri"},
    }
    assert (
        known(home, DAY, "SELECT record_key, full_name, phones FROM contact_rows ORDER BY record_key")
        == people
    )


def test_every_row_stays_accounted_for_and_a_second_time_changes_nothing(home: Path) -> None:
    received = {(u.file_seq, u.received) for u in all_units(open_context(home))}
    blank_raw(open_context(home), NEEDLES)
    assert {(u.file_seq, u.received) for u in all_units(open_context(home))} == received
    assert account(home)["b.csv", "contacts.1"] == {"quarantined": 1, "suppressed": 1}
    first = [path.read_bytes() for path in sorted((home / "warehouse" / "raw").rglob("*.*"))]
    blank_raw(open_context(home), NEEDLES)
    assert [path.read_bytes() for path in sorted((home / "warehouse" / "raw").rglob("*.*"))] == first


def test_names_nobody_bears_leave_every_model_and_the_others_stay(home: Path) -> None:
    terms = {
        "name": {"shares": {"budi santoso": 0.1, "sri hartati": 0.1}},
        "given": {"shares": {"budi": 0.2, "sri": 0.1}},
        "city": {"shares": {"sri": 0.3}},
    }
    for version in ("v001", "v002"):
        write(home, f"models/identity/{version}.json", json.dumps({"terms": terms, "threshold": 3}))
    context = open_context(home)
    assert forget_unborne_names(context, all_units(context)) == 4
    for version in ("v001", "v002"):
        left = json.loads((home / "models" / "identity" / f"{version}.json").read_text())
        assert left == {
            "threshold": 3,
            "terms": {
                "name": {"shares": {"budi santoso": 0.1}},
                "given": {"shares": {"budi": 0.2}},
                "city": {"shares": {"sri": 0.3}},
            },
        }
    assert forget_unborne_names(context, all_units(context)) == 0
