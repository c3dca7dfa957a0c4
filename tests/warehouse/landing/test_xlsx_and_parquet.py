"""Spreadsheets and Parquet: typed values in, plain text out."""

from __future__ import annotations

import datetime as dt
import decimal
import os
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.errors import InputError
from warehouse.landing import LandingTable, ReaderOptions, read_file

SHARED_DATA = Path(os.environ.get("SATU_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))


def rows(table: LandingTable) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in table.batches() for row in batch.to_pylist()]


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B3"], sheet["C3"], sheet["D3"] = "id", "when", "ok"
    sheet["B4"], sheet["C4"], sheet["D4"] = 6281234567890, dt.date(2024, 1, 5), True
    sheet["B5"], sheet["C5"], sheet["E5"] = 1.5, dt.datetime(2024, 1, 5, 13, 45), "unnamed"
    sheet["B7"] = "007"
    other = book.create_sheet("Juni")
    other.append(["a"])
    other.append([13085.0])
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_cells_become_text_and_lines_are_the_sheets_rows(workbook: Path) -> None:
    table = read_file(workbook)
    assert table.columns == ["id", "when", "ok", "column_4"]
    assert rows(table) == [
        ("6281234567890", "2024-01-05", "true", None, 4),
        ("1.5", "2024-01-05 13:45:00", None, "unnamed", 5),
        ("007", None, None, None, 7),
    ]


def test_sheets_by_name_and_number(workbook: Path) -> None:
    for sheet in ("Juni", " juni", 2):
        assert rows(read_file(workbook, ReaderOptions(sheet=sheet))) == [("13085", 2)]
    with pytest.raises(InputError, match=r"no sheet `Juli`.*`Juni`"):
        read_file(workbook, ReaderOptions(sheet="Juli"))
    with pytest.raises(InputError, match="no sheet 3"):
        read_file(workbook, ReaderOptions(sheet=3))


def test_header_row_skip_and_no_header(workbook: Path) -> None:
    assert read_file(workbook, ReaderOptions(header=3)).columns[:2] == ["id", "when"]
    assert read_file(workbook, ReaderOptions(skip=4)).columns[0] == "1.5"
    table = read_file(workbook, ReaderOptions(header=False, skip=3, names=("p", "q", "r", "s")))
    assert table.columns == ["p", "q", "r", "s"]
    assert len(rows(table)) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04garbage", "damaged or not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged or not a workbook"),
        (b"", "the workbook is empty"),
    ],
)
def test_a_damaged_workbook_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "bad.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_file(tmp_path / "bad.xlsx")


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "locked.xlsx").write_bytes(content)
    with pytest.raises(InputError, match="protected by a password"):
        read_file(tmp_path / "locked.xlsx")


def test_parquet_values_as_text(tmp_path: Path) -> None:
    path = tmp_path / "sales[1].parquet"
    moment = dt.datetime(2010, 1, 4, 9, 24)
    pq.write_table(
        pa.table(
            {
                "id": pa.array([13085.0, float("nan")]),
                "price": pa.array([0.1, 2.0], pa.float32()),
                "amount": pa.array([decimal.Decimal("1.50"), None], pa.decimal128(10, 2)),
                "day": [dt.date(2024, 1, 2)] * 2,
                "at": pa.array([moment] * 2, pa.timestamp("us")),
                "at_utc": pa.array([moment] * 2, pa.timestamp("us", "Asia/Jakarta")),
                "ok": [True, False],
                "customer": [{"name": "x"}, None],
                "tags": [[1, 2], []],
                "bytes": pa.array([b"abc", b""]),
                "kind": pa.array(["NULL", "b"]).dictionary_encode(),
            }
        ),
        path,
    )
    table = read_file(path, ReaderOptions(null_values=("NULL",)))
    at = "2010-01-04 09:24:00"
    assert rows(table) == [
        (
            "13085",
            "0.1",
            "1.50",
            "2024-01-02",
            at,
            f"{at}+00",
            "true",
            '{"name":"x"}',
            "[1,2]",
            "abc",
            None,
            1,
        ),
        (None, "2", None, "2024-01-02", at, f"{at}+00", "false", None, "[]", None, "b", 2),
    ]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(InputError, match="damaged or cut off"):
        read_file(path)


def test_customer_numbers_of_online_retail_are_whole() -> None:
    path = SHARED_DATA / "online_retail_2009_2010.parquet"
    if not path.exists():
        pytest.skip("Online Retail is not here")
    table = read_file(path)
    first = next(table.batches()).to_pylist()[0]
    assert (first["Customer ID"], first["Quantity"], first["Price"], first["_line"]) == (
        "13085",
        "12",
        "6.95",
        1,
    )
    assert sum(batch.num_rows for batch in table.batches()) == 525_461
