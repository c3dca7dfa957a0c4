"""Values that only decoding shows, values that count only together, and keys that are not one another."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import zipfile
import zlib
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_quality.leaks import UNDECODED, scan
from data_quality.needles import Needle, TextSearch, needles_of

MAIL = "Sri.Hartati@toko.id"
NAME, PHONE = "Sri Hartati", "+6281234567801"
TOGETHER = Needle((NAME, PHONE))
KEY = Needle(("till:8",), is_key=True)


def found(path: Path, *needles: Needle) -> dict[str, int]:
    """Place → count, without raw bytes."""
    return {leak.place: leak.count for leak in scan(path, needles) if not leak.place.endswith("bytes")}


def test_a_word_left_in_a_dictionary_is_found(tmp_path: Path) -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 0, 2]), pa.array(["a@b.id", MAIL, "c@d.id"]))
    pq.write_table(pa.table({"mail": words}), tmp_path / "t.parquet", compression="zstd")
    assert found(tmp_path / "t.parquet", *needles_of([MAIL])) == {"t.parquet dictionary.word": 1}


def test_bounds_and_notes_of_a_parquet_file_are_read(tmp_path: Path) -> None:
    table = pa.table({"phone": [81234567801, 81299999999]}).replace_schema_metadata({"made_for": MAIL})
    pq.write_table(table, tmp_path / "t.parquet", compression="zstd")
    places = found(tmp_path / "t.parquet", *needles_of([MAIL, "81234567801"]))
    assert places == {
        "t.parquet.phone": 1,
        "t.parquet statistics.stats_min": 1,
        "t.parquet statistics.stats_min_value": 1,
        "t.parquet footer.note": 1,
    }


def test_arrow_files_are_read_as_tables(tmp_path: Path) -> None:
    table = pa.table({"name": [NAME, "Agus"], "phones": [[PHONE], ["+62811"]]})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(str(tmp_path / "t.arrow"), table.schema, options=options) as writer:
        writer.write_table(table)
    assert found(tmp_path, Needle((PHONE,))) == {"t.arrow.phones": 1}
    assert found(tmp_path, TOGETHER) == {"t.arrow, rows": 1}


def test_spreadsheets_are_read_as_people_see_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["name", "phone"])
    book.active.append([NAME, 81234567801])
    book.save(tmp_path / "list.xlsx")
    assert found(tmp_path, *needles_of(["81234567801"]))["list.xlsx sheet.row"] == 1
    assert found(tmp_path, Needle((NAME, "81234567801")))["list.xlsx sheet, rows"] == 1


def test_archives_are_opened_to_the_last(tmp_path: Path) -> None:
    inner = io.BytesIO()
    pq.write_table(pa.table({"mail": [MAIL]}), inner, compression="zstd")
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part.parquet", inner.getvalue())
    with tarfile.open(tmp_path / "all.tar.xz", "w:xz") as tar:
        member = tarfile.TarInfo("a.zip")
        member.size = len(outer.getvalue())
        tar.addfile(member, io.BytesIO(outer.getvalue()))
    assert "xz, tar, zip, part.mail" in found(tmp_path, *needles_of([MAIL]))


def test_sqlite_names_the_column_and_opens_compressed_cells(tmp_path: Path) -> None:
    con = sqlite3.connect(tmp_path / "runs.db")
    con.execute("CREATE TABLE snapshots (id INTEGER, body BLOB)")
    con.execute("CREATE TABLE events (name TEXT, phone TEXT)")
    con.execute("INSERT INTO snapshots VALUES (1, ?)", (zlib.compress(MAIL.encode()),))
    con.executemany("INSERT INTO events VALUES (?, ?)", [(NAME, PHONE), (NAME, "+62811"), ("Agus", PHONE)])
    con.commit()
    con.close()
    assert found(tmp_path, *needles_of([MAIL])) == {"snapshots.body": 1}
    assert found(tmp_path, TOGETHER) == {"events, rows": 1}


def test_values_that_count_only_together_are_not_found_apart(tmp_path: Path) -> None:
    rows = f"(VALUES ('{NAME}', '+62811'), ('Agus', '{PHONE}')) AS t(name, phone)"
    duckdb.sql(f"COPY (SELECT * FROM {rows}) TO '{tmp_path}/family.parquet'")
    (tmp_path / "family.csv").write_text(f"{NAME};+62811\nAgus;{PHONE}\n")
    assert scan(tmp_path / "family.csv", [TOGETHER]) == []
    assert found(tmp_path / "family.parquet", TOGETHER) == {}
    (tmp_path / "one.csv").write_text(f"{NAME.upper()};{PHONE}\n")
    assert [(leak.path.name, leak.count) for leak in scan(tmp_path / "one.csv", [TOGETHER])] == [
        ("one.csv", 1)
    ]


def test_a_key_is_neither_a_longer_key_nor_one_in_a_role_nor_one_in_capitals(tmp_path: Path) -> None:
    others = ["till:80", "till:8/recipient", "Till:8", "till:8-1", "till:8a", "untill:8"]
    (tmp_path / "others.jsonl").write_text("\n".join(json.dumps({"key": key}) for key in others))
    duckdb.sql(f"COPY (SELECT UNNEST({others}) AS key) TO '{tmp_path}/others.parquet'")
    assert scan(tmp_path, [KEY]) == []
    (tmp_path / "own.json").write_text('{"key": "till:8"}')
    duckdb.sql(f"COPY (SELECT 'till:8' AS key) TO '{tmp_path}/own.parquet'")
    assert {(leak.path.name, leak.place) for leak in scan(tmp_path, [KEY])} >= {
        ("own.json", "bytes"),
        ("own.parquet", "own.parquet.key"),
    }


def test_escapes_of_json_xml_and_links_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"m": "sri.hartati\\u0040toko.id"}')
    (tmp_path / "b.json").write_text(json.dumps({"m": "Žofie"}))
    (tmp_path / "c.html").write_text("<a href='?m=Sri.Hartati%40toko.id'>O&#x27;Neil &amp; co</a>")
    assert {leak.path.name for leak in scan(tmp_path, needles_of([MAIL]))} == {"a.json", "c.html"}
    assert {leak.path.name for leak in scan(tmp_path, needles_of(["Žofie"]))} == {"b.json"}
    assert {leak.path.name for leak in scan(tmp_path, needles_of(["O'Neil & co"]))} == {"c.html"}


def test_a_line_across_blocks_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_quality.leaks.BLOCK_BYTES", 64)
    monkeypatch.setattr("data_quality.leaks.LONGEST_LINE_BYTES", 128)
    monkeypatch.setattr("data_quality.leaks.OVERLAP_BYTES", 32)
    lines = [f"{'x' * 50} {MAIL} {number}" if number % 3 == 0 else f"line {number}" for number in range(30)]
    (tmp_path / "run.log").write_text("\n".join(lines))
    assert [leak.count for leak in scan(tmp_path, needles_of([MAIL]))] == [10]
    (tmp_path / "run.log").write_text("y" * 1000 + MAIL + "y" * 1000)
    assert scan(tmp_path, needles_of([MAIL])) == []
    (tmp_path / "run.log").write_text("-" * 1000 + MAIL + "-" * 1000)
    assert [leak.place for leak in scan(tmp_path, needles_of([MAIL]))] == ["bytes"]


def test_what_cannot_be_decoded_is_said(tmp_path: Path) -> None:
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "torn.gz").write_bytes(b"\x1f\x8b and no more")
    assert [(leak.path.name, leak.place) for leak in scan(tmp_path, needles_of([MAIL]))] == [
        ("torn.gz", UNDECODED),
        ("torn.parquet", UNDECODED),
    ]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=3, max_size=20),
    st.sampled_from(["lower", "upper", "title", "swapcase"]),
)
def test_a_value_between_blanks_is_found_in_text_and_in_tables(value: str, case: str) -> None:
    """Whatever it is made of; in other capitals, unless those are another word in Python's own eyes."""
    written = getattr(value, case)()
    text = f"- {value if written.lower() != value.lower() else written} -"
    search = TextSearch([Needle((value,))])
    assert search.found_in(text) == {0}
    assert list(search.lines_in(text.encode())) == [(0, {0})]


def test_an_empty_value_is_refused() -> None:
    with pytest.raises(ValueError, match="none of them empty"):
        Needle((" ",))
