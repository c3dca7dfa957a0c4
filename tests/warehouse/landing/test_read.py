"""Which format a file is, whatever its name says."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.errors import InputError
from warehouse.landing import guess_format, read_file


def test_by_extension_where_the_content_fits(tmp_path: Path) -> None:
    for name, content, expected in (
        ("a.csv", b"x,y\n", "csv"),
        ("a.txt", b"x y\n", "csv"),
        ("a.csv.gz", gzip.compress(b"x,y\n"), "csv"),
        ("a.json", b'{"a":1}', "json"),
        ("a.jsonl", b'{"a":1}', "jsonl"),
        ("a.ndjson.gz", gzip.compress(b'{"a":1}'), "jsonl"),
        ("a.csv", b"", "csv"),
        ("a.json", b"", "json"),
        ("a", b'[{"a":1}]', "json"),
    ):
        (tmp_path / name).write_bytes(content)
        assert guess_format(tmp_path / name) == expected


def test_content_decides_where_the_name_lies(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.save(tmp_path / "book.csv")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "table.json")
    (tmp_path / "records.csv").write_bytes(b'[{"a":1}]')
    (tmp_path / "text.xlsx").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "text.json").write_bytes(b"a,b\n1,2\n")
    assert guess_format(tmp_path / "book.csv", "csv") == "xlsx"
    assert guess_format(tmp_path / "table.json") == "parquet"
    assert guess_format(tmp_path / "records.csv") == "json"
    assert guess_format(tmp_path / "text.xlsx") == "csv"
    assert read_file(tmp_path / "text.json").notes == ["the content is csv, not json"]


def test_a_csv_with_braces_stays_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"{id},[name]\n1,2\n")
    assert read_file(tmp_path / "a.csv").columns == ["{id}", "[name]"]


def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
        archive.writestr("a.csv", "x")
    with pytest.raises(InputError, match="zip archive"):
        read_file(tmp_path / "files.zip")
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="`pdf` is not known"):
        read_file(tmp_path / "absent.csv", format="pdf")
