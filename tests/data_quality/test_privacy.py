"""Personal data does not reach a table for analysis: neither as declared nor as written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from data_quality.privacy import Allowance, Finding, assert_bi_contract, scan_duckdb, scan_parquet
from tests.data_quality.samples import column, table, write
from warehouse.contracts import all_tables, load_table
from warehouse.errors import GateFailed

TEXTS = table("texts", [column("x", "text")], ["x"])


def kinds(folder: Path, *values: str | None) -> dict[str, int]:
    file = write(folder / "texts.parquet", TEXTS, [{"x": value} for value in values])
    return {finding.kind: finding.count for finding in scan_parquet(TEXTS, file)}


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_every_shipped_table_keeps_its_classes(name: str) -> None:
    assert_bi_contract(load_table(name))


@pytest.mark.parametrize("privacy", ["personal", "specific", "secret"])
def test_a_personal_column_in_a_table_for_analysis_is_refused(privacy: str) -> None:
    rfm = load_table("rfm")
    leaky = replace(rfm, columns=(*rfm.columns, column("phone", "text", privacy=privacy)))
    with pytest.raises(GateFailed, match=r"rfm .* phone"):
        assert_bi_contract(leaky)
    assert_bi_contract(replace(leaky, zone="vault"))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("budi.s+toko@surel.co.id", "email"),
        ("see <BUDI@X.ID>, please", "email"),
        ("budi%40x.id", "email"),
        ("budi＠x.id", "email"),
        ("081234567890", "phone"),
        ("0812-3456-7890", "phone"),
        ("(0812) 3456 7890", "phone"),
        ("+62 812 3456 7890", "phone"),
        ("6281234567890", "phone"),
        ("0062 812 3456 789", "phone"),
        ("WA0812345678", "phone"),
        ("０８１２３４５６７８９０", "phone"),
        ("+1 (415) 555-2671", "phone"),
        ("(021) 555 1234", "phone"),
        ("3171234501900001", "nik"),
        ("NIK: 3171.2345.0190.0001", "nik"),
        ("in 2024 3171 2305 0190 0001 came", "nik"),
        ("4111111111111111", "card"),
        ("paid with 4111-1111-1111-1111", "card"),
        ("3782 822463 10005", "card"),
    ],
)
def test_what_looks_personal_is_found(value: str, kind: str, tmp_path: Path) -> None:
    assert kinds(tmp_path, "loyal", value, value, None) == {kind: 2}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "@handle",
        "2024-08-12 10:11:12.123456",
        "08.12.2024 10.30",
        "SKU-0812-XL",
        "8991234567890",
        "4f0812345678901234567890abcdef12",
        "ab08123456789cd",
        "9007199254740991",
        "INV/2024/08/000123456",
        "Rp 81.234.567.890,00",
        "3171234599900001",  # a day of birth there is not
        "3171234501900000",  # no serial number
        "4111111111111112",  # wrong check digit
        "bought 41 times in 365 days, last 2024-05-01",
    ],
)
def test_what_is_innocent_passes(value: str, tmp_path: Path) -> None:
    assert kinds(tmp_path, value) == {}


def test_lists_and_structures_are_searched_too(tmp_path: Path) -> None:
    file = tmp_path / "nested.parquet"
    duckdb.sql(
        f"COPY (SELECT ['a', 'a@b.id'] AS l, {{'k': '081234567890'}} AS s, 'x'::BLOB AS b) TO '{file}'"
    )
    assert scan_parquet("t", file) == [Finding("t", "l", "email", 1), Finding("t", "s", "phone", 1)]


def test_codes_are_allowed_by_column_and_kind_only(tmp_path: Path) -> None:
    lines = table("order_lines", [column("product_id", "text"), column("store", "text")], ["product_id"])
    rows = [{"product_id": "081234567890", "store": "081234567890"}, {"product_id": "a@b.id", "store": None}]
    file = write(tmp_path / "lines.parquet", lines, rows)
    assert scan_parquet(lines, file) == [
        Finding("order_lines", "product_id", "email", 1),
        Finding("order_lines", "store", "phone", 1),
    ]
    stores = Allowance("order_lines", "store", frozenset({"phone"}), "store numbers")
    assert Finding("order_lines", "store", "phone", 1) not in scan_parquet(lines, file, (stores,))


def test_a_release_is_scanned_table_by_table(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "satu.duckdb")) as con:
        con.execute("CREATE SCHEMA history; CREATE TABLE history.rfm AS SELECT 'a@b.id' AS segment")
        con.execute("CREATE TABLE rfm AS SELECT 'loyal' AS segment, 81234567890 AS customer_id")
    assert scan_duckdb(tmp_path / "satu.duckdb") == [Finding("rfm", "segment", "email", 1)]
