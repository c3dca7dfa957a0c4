"""Rows in, the first fault of each out."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest
import sqlglot

from data_quality.row_rules import fault_texts, row_fault_sql, warnings_sql
from tests.data_quality.samples import rule
from warehouse.contracts import InputContract, base_inputs, duckdb_type

CONTRACTS = base_inputs()


def faults(contract: InputContract, failed: dict[str, str], *rows: dict[str, str]) -> list[str | None]:
    """The fault of each row; values are SQL, fields not named are NULL. `raw` is what the cell held."""
    names = [(f.name, duckdb_type(f.type)) for f in contract.fields]
    selects = [
        "SELECT "
        + ", ".join(f'CAST({row.get(n, "NULL")} AS {t}) AS "{n}"' for n, t in names)
        + f", CAST({row.get('raw', 'NULL')} AS VARCHAR) AS raw, {number} AS number, 'IDR' AS company_currency,"
        " DATE '2024-05-03' AS received_on"
        for number, row in enumerate(rows)
    ]
    sql = f"SELECT {row_fault_sql(contract, failed)} FROM ({' UNION ALL '.join(selects)}) ORDER BY number"
    return [row[0] for row in duckdb.connect().execute(sql).fetchall()]


LINE = {"order_id": "'A1'", "ordered_at": "TIMESTAMP '2024-05-01 10:00:00'", "amount": "100"}


def test_order_lines_are_judged_in_a_fixed_order() -> None:
    failed = {"ordered_at": "raw = 'not a day'", "status": "raw = 'lost'", "amount": "raw = 'x'"}
    rows = [
        LINE,
        LINE | {"status": "'returned'"},
        LINE | {"ordered_at": "NULL", "raw": "'not a day'"},
        LINE | {"ordered_at": "NULL"},
        LINE | {"order_id": "'  '"},
        LINE | {"raw": "'lost'"},
        LINE | {"status": "'elsewhere'"},
        LINE | {"amount": "NULL"},
        LINE | {"amount": "NULL", "quantity": "2", "unit_price": "5"},
        LINE | {"amount": "1000000000000"},
        LINE | {"order_id": "NULL", "amount": "NULL", "raw": "'x'"},
    ]
    assert faults(CONTRACTS["order_lines"], failed, *rows) == [
        None,
        None,
        "unparseable|ordered_at",
        "required|ordered_at",
        "required|order_id",
        "vocabulary|status",
        "vocabulary|status",
        "line_has_amount|",
        None,
        "amount_plausible|",
        "unparseable|amount",
    ]


def test_a_contact_needs_some_identity() -> None:
    assert faults(CONTRACTS["contacts"], {}, {"city": "'Bandung'"}, {"email": "'a@b.id'"}) == [
        "contact_has_identity|",
        None,
    ]


@pytest.mark.parametrize("name", sorted(CONTRACTS))
def test_every_fault_has_words_in_both_languages_and_runs_on_both_engines(name: str) -> None:
    contract = CONTRACTS[name]
    failed = {f.name: f'"{f.name}" IS NULL AND raw IS NOT NULL' for f in contract.fields}
    sql = row_fault_sql(contract, failed)
    texts = fault_texts(contract)
    for text in texts:
        assert f"'{text.code}'" in sql
        assert all(text[2:]) and text.reason_en != text.reason_id and text.fix_en != text.fix_id
        assert not text.reason_en.endswith((".", ";"))
    assert sql.count(" THEN ") >= len(texts)
    assert sqlglot.parse_one(sql, read="duckdb").sql(dialect="spark")
    assert faults(contract, failed, {})  # binds in DuckDB


def test_a_rule_says_what_is_wrong_and_then_what_to_do() -> None:
    text = next(t for t in fault_texts(CONTRACTS["order_lines"]) if t.rule == "line_has_amount")
    assert text.reason_en == "An order line needs an amount, or a quantity and a unit price"
    assert text.fix_en == "fill it in and deliver the file again"


def test_a_rule_that_warns_lets_the_row_pass() -> None:
    contract = replace(CONTRACTS["contacts"], rules=(rule("has_city", "city IS NOT NULL", "warn"),))
    assert faults(contract, {}, {"email": "'a@b.id'"}) == [None]
    assert warnings_sql(contract) == [("has_city", "NOT (city IS NOT NULL)")]
