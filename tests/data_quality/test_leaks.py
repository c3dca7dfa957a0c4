"""A planted value is found in every kind of file a workspace holds; a clean one proves clean."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pytest

from data_quality.decoded import SqlTable
from data_quality.leaks import UNDECODED, missed, scan, scan_for_values, search
from data_quality.needles import Needle, TextSearch, needles_of
from data_quality.table_search import TableSearch

SECRET = "Budi.S+1@surel.id"


def places(path: Path, *values: str) -> list[str]:
    return [leak.place for leak in scan_for_values(path, values or (SECRET, "081299990000"))]


def test_parquet_and_duckdb_are_read_as_tables(tmp_path: Path) -> None:
    duckdb.sql(
        f"COPY (SELECT 'x ' || lower('{SECRET}') AS a, 1 AS b) TO '{tmp_path}/t.parquet' (COMPRESSION zstd)"
    )
    with duckdb.connect(str(tmp_path / "t.duckdb")) as con:
        con.execute("CREATE TABLE t AS SELECT 81299990000 AS n, 'fine' AS s")
        con.execute(f"COMMENT ON COLUMN t.s IS '{SECRET}'")
    assert "t.parquet.a" in places(tmp_path / "t.parquet")
    assert "t.n" not in " ".join(places(tmp_path / "t.duckdb"))
    assert "main.t.n" in places(tmp_path / "t.duckdb", "81299990000")
    assert "catalogue.comment" in places(tmp_path / "t.duckdb")


def test_text_json_sqlite_and_archives_are_searched(tmp_path: Path) -> None:
    (tmp_path / "run.log").write_text(f"read {SECRET.upper()}\n")
    (tmp_path / "lines.jsonl").write_text('{"a": 1}\n' + json.dumps({"k": ["Žofie"]}) + "\n")
    (tmp_path / "wide.txt").write_bytes(b"x" + SECRET.encode("utf-16-le"))
    (tmp_path / "log.gz").write_bytes(gzip.compress(SECRET.encode()))
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<c>{SECRET}</c>")
    con = sqlite3.connect(tmp_path / "runs.db")
    con.execute("CREATE TABLE events (body TEXT)")
    con.execute("INSERT INTO events VALUES (?)", (SECRET,))
    con.commit()
    con.close()
    found = {leak.path.name for leak in scan_for_values(tmp_path, [SECRET, "Žofie"])}
    assert found == {"run.log", "lines.jsonl", "wide.txt", "log.gz", "book.xlsx", "runs.db"}


def test_a_file_named_after_a_person_is_found(tmp_path: Path) -> None:
    (tmp_path / f"access-{SECRET}.json").write_text("{}")
    assert places(tmp_path) == ["file name"]


def test_many_values_and_a_clean_folder(tmp_path: Path) -> None:
    duckdb.sql(f"COPY (SELECT 'person ' || i AS p FROM range(5000) t(i)) TO '{tmp_path}/t.parquet'")
    values = [f"nobody.{number}(x)" for number in range(2000)]
    assert scan_for_values(tmp_path, values) == []
    found = scan_for_values(tmp_path, [*values, "person 4999"])
    assert [(leak.place, leak.count) for leak in found if leak.place != "bytes"] == [("t.parquet.p", 1)]
    assert "4999" not in str(found)


def test_nothing_is_proven_about_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scan_for_values(tmp_path / "gone", ["x"])
    with pytest.raises(ValueError, match="at least one value"):
        scan_for_values(tmp_path, [])


def test_what_was_found_is_told_by_position_and_what_was_not_is_missed(tmp_path: Path) -> None:
    duckdb.sql(f"COPY (SELECT 'a@b.id' AS m, 'Sri' AS n) TO '{tmp_path}/t.parquet'")
    (tmp_path / "run.log").write_text(f"{SECRET}\nsri\n")
    needles = [
        Needle((SECRET,)), Needle(("gone@b.id",)), Needle(("a@b.id", "Sri")), Needle(("x@y.id",), is_stated=False)
    ]  # fmt: skip
    leaks = scan(tmp_path, needles)
    assert {(leak.path.name, leak.needles) for leak in leaks if leak.place != "bytes"} == {
        ("t.parquet", frozenset({2}))
    }
    assert [leak.needles for leak in leaks if leak.path.name == "run.log"] == [{0}]
    assert missed(needles, leaks) == [1]


def test_many_files_of_one_table_are_told_apart(tmp_path: Path) -> None:
    for day in range(30):
        folder = tmp_path / f"as_of={day:02d}"
        folder.mkdir()
        value = SECRET if day % 10 == 0 else "nobody"
        duckdb.sql(f"COPY (SELECT '{value}' AS m, {day} AS n) TO '{folder}/1.parquet' (COMPRESSION zstd)")
    (tmp_path / "as_of=00" / "torn.parquet").write_bytes(b"PAR1 and no more")
    found = scan(tmp_path, needles_of([SECRET]))
    assert [leak.path.parent.name for leak in found if leak.place == "1.parquet.m"] == [
        "as_of=00", "as_of=10", "as_of=20",
    ]  # fmt: skip
    assert [leak.path.name for leak in found if leak.place == UNDECODED] == ["torn.parquet"]


@pytest.mark.parametrize("kind", ["duckdb", "parquet"])
def test_values_of_two_rows_that_lie_side_by_side_in_a_file_of_columns_are_no_row(
    tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"people.{kind}"
    rows = "SELECT * FROM (VALUES ('Rizki', '+628111000001'), ('Siti', '+628222000002')) AS t(name, phone)"
    with duckdb.connect(str(path) if kind == "duckdb" else ":memory:") as con:
        if kind == "duckdb":
            con.execute(f"CREATE TABLE people AS {rows}")
        else:
            con.execute(f"COPY ({rows}) TO '{path}' (COMPRESSION uncompressed)")
    assert b"Rizki" in path.read_bytes() and b"+628222000002" in path.read_bytes()
    of_two, of_one = Needle(("+628222000002", "Rizki")), Needle(("+628222000002", "Siti"))
    assert scan(path, [of_two]) == []
    assert "bytes" not in {leak.place for leak in scan(path, [of_one])} != set()


def test_a_file_that_goes_away_meanwhile_holds_nothing_and_one_that_moves_is_found(tmp_path: Path) -> None:
    for name in ("a", "c"):
        duckdb.sql(f"COPY (SELECT '{SECRET}' AS a) TO '{tmp_path}/{name}.parquet'")
    for name in ("b.txt", "d.txt"):
        (tmp_path / name).write_text(f"{SECRET}\n")

    class Moving(TableSearch):
        """Looks through tables while somebody else is at work."""

        def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[Path, str, frozenset[int]]]:
            if (tmp_path / "b.txt").exists():
                (tmp_path / "b.txt").rename(tmp_path / "moved.txt")
                (tmp_path / "c.parquet").unlink()
                (tmp_path / "d.txt").unlink()
            return super().found_in(tables)

    leaks = search(tmp_path, TextSearch(needles_of([SECRET])), Moving)
    assert {leak.path.name for leak in leaks} == {"a.parquet", "moved.txt"}
    assert UNDECODED not in {leak.place for leak in leaks}
