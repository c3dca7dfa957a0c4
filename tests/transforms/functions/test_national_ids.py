from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]
AS_OF = date(2024, 8, 12)


@pytest.mark.parametrize(
    ("written", "nik"),
    [
        ("3171014508900001", "3171014508900001"),
        ("3171 0145 0890 0001", "3171014508900001"),
        ("'3171014508900001", "3171014508900001"),
        ("3171.0145.0890.0001", "3171014508900001"),
        ("9971014508900001", None),  # no such province
        ("3100014508900001", None),  # no regency 00
        ("3171013202900001", None),  # day 32
        ("3171013002900001", None),  # 30 February
        ("3171017104900001", None),  # 31 April
        ("3171014513900001", None),  # month 13
        ("3171014508900000", None),  # serial 0000
        ("1111111111111111", None),
        ("1234567890123456", None),
        ("317101450890000", None),
        ("3.17101E+15", None),
        ("", None),
        (None, None),
    ],
)
def test_a_nik_has_the_structure_of_one(call: Call, written: str, nik: str | None) -> None:
    assert call("norm_nik", written) == nik


@pytest.mark.parametrize(
    ("nik", "sex", "born"),
    [
        ("3171014508900001", "female", date(1990, 8, 5)),
        ("3171010508900001", "male", date(1990, 8, 5)),
        ("3171017112990001", "female", date(1999, 12, 31)),
        ("3171011208240001", "male", date(2024, 8, 12)),
        ("3171011308240001", "male", date(1924, 8, 13)),
        ("3171012902010001", "male", None),  # 2001 has no 29 February, nor has 1901
        (None, None, None),
    ],
)
def test_a_nik_tells_sex_and_birth_date(call: Call, nik: str, sex: str | None, born: date | None) -> None:
    assert call("nik_sex", nik) == sex
    assert call("nik_birth_date", nik, AS_OF) == born


def test_the_century_follows_as_of_and_not_today(call: Call) -> None:
    assert call("nik_birth_date", "3171010101200001", date(2019, 12, 31)) == date(1920, 1, 1)
    assert call("nik_birth_date", "3171010101200001", date(2020, 1, 1)) == date(2020, 1, 1)


@settings(deadline=None, max_examples=40)
@given(st.dates(date(1925, 1, 1), AS_OF), st.booleans(), st.integers(1, 9999))
def test_any_birth_day_of_the_last_century_survives(call: Call, born: date, woman: bool, serial: int) -> None:
    nik = f"317101{born.day + 40 * woman:02}{born:%m%y}{serial:04}"
    assert call("norm_nik", call("norm_nik", nik)) == nik
    assert call("nik_sex", nik) == ("female" if woman else "male")
    assert call("nik_birth_date", nik, AS_OF) == born
