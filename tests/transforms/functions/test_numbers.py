from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "comma", "point"),
    [
        ("1250", 1250, 1250),
        ("-5", -5, -5),
        ("1.250", 1250, "1.25"),
        ("1,250", "1.25", 1250),
        ("12.50", "12.5", "12.5"),
        ("12,50", "12.5", "12.5"),
        ("0.250", "0.25", "0.25"),
        ("1250.500", "1250.5", "1250.5"),
        ("1.250.000", 1250000, 1250000),
        ("1,250,000.00", 1250000, 1250000),
        ("1.250.000,75", "1250000.75", "1250000.75"),
        ("1 250 000", 1250000, 1250000),
        ("1\u00a0250\u00a0000,5", "1250000.5", "1250000.5"),
        ("Rp1.250.000,00", 1250000, 1250000),
        ("Rp 50.000,-", 50000, 50000),
        ("Rp. 12.500", 12500, "12.5"),
        ("IDR 600", 600, 600),
        ("600 ribu", 600000, 600000),
        ("600rb", 600000, 600000),
        ("10K", 10000, 10000),
        ("2 juta", 2000000, 2000000),
        ("1,5 jt", 1500000, 1500000),
        ("1,2 miliar", 1200000000, 1200000000),
        ("(500)", -500, -500),
        ("500-", -500, -500),
        ("−7", -7, -7),
        ("Rp -5.000,00", -5000, -5000),
        ("(1,5 jt)", -1500000, -1500000),
        ("+5", 5, 5),
        ("5e3", 5000, 5000),
        ("1.25E+06", 1250000, 1250000),
        (".5", "0.5", "0.5"),
        ("", None, None),
        ("-", None, None),
        ("abc", None, None),
        ("nan", None, None),
        ("inf", None, None),
        ("10%", None, None),
        ("USD 5", None, None),
        ("--5", None, None),
        ("5-5", None, None),
        ("1.250.00", None, None),
        ("1.250,000,00", None, None),
        ("(5", None, None),
        ("99999999999999999999", None, None),
        (None, None, None),
    ],
)
def test_a_number_is_read_by_the_locale_only_where_it_must_be(
    call: Call, written: str, comma: object, point: object
) -> None:
    assert call("parse_number", written, ",") == (None if comma is None else Decimal(str(comma)))
    assert call("parse_number", written, ".") == (None if point is None else Decimal(str(point)))


@settings(deadline=None, max_examples=40)
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_rupiah_as_indonesians_write_them_come_back(call: Call, amount: Decimal) -> None:
    indonesian = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert call("parse_number", f"Rp{indonesian}", ",") == amount
    assert call("parse_number", f"{amount:,.2f}", ".") == amount


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="0123456789.,-+() RrpbtjKe%", max_size=16))
def test_no_text_is_an_error(call: Call, text: str) -> None:
    call("parse_number", text, ",")


def test_two_amounts_can_be_multiplied(con: duckdb.DuckDBPyConnection) -> None:
    product = "parse_number('9999999999,9999', ',') * parse_number('9999999999,9999', ',')"
    assert con.execute(f"SELECT {product}").fetchall() == [(Decimal("99999999999998000000.00000001"),)]


@pytest.mark.parametrize(
    ("written", "number"),
    [("3", 3), ("3.0", 3), ("1.250", 1250), ("-2", -2), ("1,5", None), ("x", None), (None, None)],
)
def test_whole_numbers_have_no_fraction(call: Call, written: str, number: int | None) -> None:
    assert call("parse_integer", written, ",") == number


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("13085.0000"), "13085"), (Decimal("12.5000"), "12.5"), (100, "100"), (0.5, "0.5")],
)
def test_numbers_become_text_without_idle_zeros(call: Call, number: object, text: str) -> None:
    assert call("number_text", number) == text


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("Ya", True),
        ("tidak", False),
        ("YES", True),
        ("no", False),
        ("true", True),
        ("0", False),
        ("1", True),
        ("y", True),
        ("n", False),
        (" x ", True),
        ("mungkin", None),
        ("", None),
        (None, None),
    ],
)
def test_answers_in_both_languages(call: Call, written: str, answer: bool | None) -> None:
    assert call("parse_boolean", written) is answer
