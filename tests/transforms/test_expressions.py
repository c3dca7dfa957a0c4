from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from transforms.expressions import ExpressionOptions, compile_filter, compile_mapping
from transforms.functions import create_macros
from warehouse.errors import ConfigError

ROW = {
    "quantity": "1.250",
    "price": "Rp2,5",
    "Customer ID": "C1",
    " Nama ": "Budi",
    "first_name": "Budi",
    "last_name": None,
    "status": None,
    "order_date": "31/12/2024",
    "at": "12/08/2024 10:00",
    "paid": "ya",
    "id": "13085.0",
    "bad": "abc",
    "blank": "-",
}
COLUMNS = list(ROW)
OPTIONS = ExpressionOptions(decimal=",", dates="dmy", timezone="Asia/Jakarta")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_macros(connection)
        names = ", ".join(f'CAST(? AS VARCHAR) AS "{name}"' for name in ROW)
        connection.execute(f"CREATE TABLE raw AS SELECT {names}", list(ROW.values()))
        yield connection


def value_of(
    con: duckdb.DuckDBPyConnection, value: str, target: str, types: dict[str, str] | None = None
) -> tuple[Any, bool]:
    """The mapped value of the one row, and whether it counts as failed."""
    compiled = compile_mapping(value, COLUMNS, OPTIONS, types or {}, target)
    row = con.execute(f"SELECT {compiled.sql}, {compiled.failed or 'FALSE'} FROM raw").fetchone()
    assert row is not None
    return row[0], row[1]


@pytest.mark.parametrize(
    ("value", "target", "result"),
    [
        ("customer id", "text", "C1"),
        (" CUSTOMER ID ", "text", "C1"),
        ('"Customer ID"', "text", "C1"),
        ("nama", "text", "Budi"),
        ("quantity", "integer", 1250),
        ("price", "decimal", Decimal("2.5")),
        ("price", "decimal(18,2)", Decimal("2.50")),
        ("id", "integer", 13085),
        ("id", "bigint", 13085),
        ("order_date", "date", date(2024, 12, 31)),
        ("order_date", "timestamp", datetime(2024, 12, 30, 17)),
        ("at", "timestamp", datetime(2024, 8, 12, 3)),
        ("at", "date", date(2024, 8, 12)),
        ("paid", "boolean", True),
        ("order_date", "text", "31/12/2024"),
    ],
)
def test_a_header_is_that_column_read_as_the_field_needs_it(
    con: duckdb.DuckDBPyConnection, value: str, target: str, result: object
) -> None:
    assert value_of(con, value, target) == (result, False)


@pytest.mark.parametrize(
    ("value", "target", "result"),
    [
        ("quantity * price", "decimal(18,2)", Decimal("3125.00")),
        ("quantity * 2 - (price + 1)", "decimal", Decimal("2496.5")),
        ("-price", "decimal", Decimal("-2.5")),
        ("quantity * 900000000 * 5", "decimal", Decimal(5625000000000)),
        ("(quantity * 90000) * (quantity * 90)", "decimal", Decimal(12656250000000)),
        ("price * 1.11", "decimal", Decimal("2.775")),
        ("round(price)", "integer", 3),
        ("quantity // 2", "integer", 625),
        ("greatest(quantity, 2000)", "integer", 2000),
        ("coalesce(status, quantity)", "integer", 1250),
        ("concat_ws(' ', first_name, last_name)", "text", "Budi"),
        ("upper(trim(first_name)) || '!'", "text", "BUDI!"),
        ("split_part(order_date, '/', 3)", "integer", 2024),
        ("left(first_name, 2)", "text", "Bu"),
        ("lpad(first_name, 6, '0')", "text", "00Budi"),
        ("regexp_replace(first_name, 'u', 'x')", "text", "Bxdi"),
        ("CAST(id AS INT)", "integer", 13085),
        ("first_name || ' ' || quantity * 2", "text", "Budi 2500"),
        ("price + 0", "text", "2.5"),
        ("id::decimal(18,4)", "text", "13085"),
        ("CASE WHEN paid = 'ya' THEN 'completed' ELSE 'cancelled' END", "text", "completed"),
        ("CASE paid WHEN 'ya' THEN 1 ELSE 2.5 END", "decimal", Decimal(1)),
        ("if(quantity > 1000, 'big', 'small')", "text", "big"),
        ("status IS NULL", "boolean", True),
        ("NOT paid", "boolean", False),
        ("quantity IN (1250, 2)", "boolean", True),
        ("quantity BETWEEN 1 AND 2000", "boolean", True),
        ("order_date > '2024-01-01'", "boolean", True),
        ("order_date > DATE '2025-01-01'", "boolean", False),
        ("year(order_date)", "integer", 2024),
        ("hour(at)", "integer", 10),
        ("strptime(order_date, '%d/%m/%Y')", "date", date(2024, 12, 31)),
        ("make_date(id)", "date", date(2005, 10, 29)),
        ("strptime(at, '%d/%m/%Y %H:%M')", "timestamp", datetime(2024, 8, 12, 3)),
        ("'ID'", "text", "ID"),
        ("1", "integer", 1),
        ("1", "text", "1"),
        ("NULL", "decimal", None),
        ("TRUE", "boolean", True),
    ],
)
def test_an_expression_reads_raw_text_by_the_locale(
    con: duckdb.DuckDBPyConnection, value: str, target: str, result: object
) -> None:
    assert value_of(con, value, target) == (result, False)


@pytest.mark.parametrize(
    ("value", "target", "types", "result"),
    [
        ("order_date", "text", {"ORDER_DATE": "date"}, "2024-12-31"),
        ("price", "text", {"price": "decimal"}, "2.5"),
        ("id", "text", {"id": "integer"}, "13085"),
        ("'#' || id", "text", {"id": "integer"}, "#13085"),
        ("at", "timestamp", {"at": "timestamp"}, datetime(2024, 8, 12, 3)),
        ("at", "date", {"at": "timestamp"}, date(2024, 8, 12)),
        ("hour(at)", "integer", {"at": "timestamp"}, 10),
        ("CASE WHEN paid THEN 'x' END", "text", {"paid": "boolean"}, "x"),
    ],
)
def test_a_declared_type_holds_everywhere(
    con: duckdb.DuckDBPyConnection, value: str, target: str, types: dict[str, str], result: object
) -> None:
    assert value_of(con, value, target, types) == (result, False)


@pytest.mark.parametrize(
    ("value", "target", "types"),
    [
        ("bad", "decimal", {}),
        ("bad", "date", {}),
        ("bad", "timestamp", {}),
        ("bad", "integer", {}),
        ("price", "integer", {}),  # 2.5 is no whole number
        ("bad", "text", {"bad": "integer"}),
        ("bad * price", "decimal", {}),
        ("quantity * price * 99999999999999 * 99999999999999", "decimal", {}),
        ("strptime(bad, '%d')", "date", {}),
        ("CAST(bad AS DATE)", "date", {}),
    ],
)
def test_what_cannot_be_read_is_null_and_failed_never_an_error(
    con: duckdb.DuckDBPyConnection, value: str, target: str, types: dict[str, str]
) -> None:
    assert value_of(con, value, target, types) == (None, True)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("status", "decimal"),
        ("blank", "decimal"),
        ("blank", "date"),
        ("price / 0", "decimal"),
        ("blank * 2", "integer"),
    ],
)
def test_nothing_in_the_cell_is_no_failure(con: duckdb.DuckDBPyConnection, value: str, target: str) -> None:
    assert value_of(con, value, target) == (None, False)


def test_the_columns_in_use_are_known() -> None:
    compiled = compile_mapping("nullif(quantity * price, 0)", COLUMNS, OPTIONS, {}, "decimal")
    assert compiled.columns_used == ("quantity", "price")
    assert compiled.uses == ("mul", "nullif")


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("status <> 'draft'", True),  # NULL is not FALSE
        ("first_name <> 'Budi'", False),
        ("paid", True),
        ("quantity > 5000", False),
        ("bad > 5", True),
        ("quantity > 5 AND first_name = 'Budi'", True),
    ],
)
def test_a_row_is_dropped_only_when_the_filter_is_false(
    con: duckdb.DuckDBPyConnection, where: str, kept: bool
) -> None:
    compiled = compile_filter(where, COLUMNS, OPTIONS, {})
    assert con.execute(f"SELECT {compiled.sql} FROM raw").fetchall() == [(kept,)]


def test_a_filter_is_a_condition() -> None:
    with pytest.raises(ConfigError, match="is a number, not a condition"):
        compile_filter("quantity * 2", COLUMNS, OPTIONS, {})


@pytest.mark.parametrize(
    "hostile",
    [
        "(SELECT 1)",
        "EXISTS (SELECT 1)",
        "quantity IN (SELECT 1)",
        "quantity IN UNNEST([1])",
        "1 = ALL (SELECT 1)",
        "read_csv('/etc/passwd')",
        "read_text('/etc/passwd')",
        "glob('/*')",
        "getvariable('hmac_inner')",
        "getenv('HOME')",
        "keyed_hash(first_name)",
        "norm_name(first_name)",
        "pragma_version()",
        "PRAGMA database_list",
        "COPY raw TO 'x'",
        "ATTACH 'x'",
        "SET x = 1",
        "INSTALL httpfs",
        "quantity; DROP TABLE raw",
        "quantity;",
        "quantity -- price",
        "quantity /* price */",
        "current_date",
        "current_timestamp",
        "now()",
        "today()",
        "random()",
        "uuid()",
        "nextval('s')",
        "current_user",
        "sum(quantity)",
        "count(*)",
        "row_number() OVER ()",
        "list_transform([1], x -> x)",
        "unnest([1])",
        "$1",
        "?",
        "#1",
        "*",
        "raw.*",
        "raw.quantity",
        "columns('.*')",
        "{'a': 1}",
        "quantity[1]",
        "CAST(quantity AS BLOB)",
        "lpad(first_name, 999999999, 'x')",
        "lpad(first_name, quantity, 'x')",
        "repeat('x', 999999999)",
        "quantity AS price",
        "quantity, price",
        "unknown_function(1)",
        "",
        "(((",
        "'open",
        "(" * 500 + "1" + ")" * 500,
        "1 + " * 5000 + "1",
    ],
)
def test_hostile_expressions_are_refused(hostile: str) -> None:
    with pytest.raises(ConfigError):
        compile_mapping(hostile, COLUMNS, OPTIONS, {}, "text")
    with pytest.raises(ConfigError):
        compile_filter(hostile, COLUMNS, OPTIONS, {})


def test_a_refusal_names_the_function_and_what_is_allowed() -> None:
    with pytest.raises(
        ConfigError, match=r"`read_text` is not allowed in a mapping; allowed are .*concat_ws"
    ):
        compile_mapping("read_text('x')", COLUMNS, OPTIONS, {}, "text")


@pytest.mark.parametrize(
    ("value", "closest"),
    [("first_nam", "first_name"), ("Costumer ID", "Customer ID"), ("quantty * 2", "quantity")],
)
def test_an_unknown_column_names_the_closest_header(value: str, closest: str) -> None:
    with pytest.raises(ConfigError, match=f"did you mean `{closest}`"):
        compile_mapping(value, COLUMNS, OPTIONS, {}, "text")


@pytest.mark.parametrize("cell", ["budi@toko.id", "0812 34567", "30/09/2026"])
def test_the_first_line_of_a_file_without_header_is_not_shown(cell: str) -> None:
    with pytest.raises(ConfigError) as raised:
        compile_mapping("Nama", ["Nana Budi", cell], OPTIONS, {}, "text")
    assert "with its header" in str(raised.value)
    assert "Budi" not in str(raised.value) and cell not in str(raised.value)


def test_headers_with_quotes_stay_one_name(con: duckdb.DuckDBPyConnection) -> None:
    odd = 'a" FROM raw; --'
    compiled = compile_mapping(odd, [odd], OPTIONS, {}, "text")
    assert con.execute(f'SELECT {compiled.sql} FROM (SELECT 1 AS "a"" FROM raw; --")').fetchall() == [(1,)]
