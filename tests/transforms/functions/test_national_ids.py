from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lokal import wilayah

from transforms.customers.region_names import RENUMBERED
from transforms.functions.national_ids import HIGHEST_REGENCIES

Call = Callable[..., Any]
AS_OF = date(2024, 8, 12)


@pytest.mark.parametrize(
    ("written", "nik"),
    [
        ("3171014508900001", "3171014508900001"),
        ("3171 0145 0890 0001", "3171014508900001"),
        ("'3171014508900001", "3171014508900001"),
        ("3171.0145.0890.0001", "3171014508900001"),
        ("3171014508900001.0", "3171014508900001"),  # from a spreadsheet
        ("9101014508900001", "9101014508900001"),  # a regency of Papua before 2022
        ("6473014508900001", "6473014508900001"),  # Tarakan, when it was in Kalimantan Timur
        ("9971014508900001", None),  # no such province
        ("3102014508900001", None),  # one regency in Jakarta
        ("3480014508900001", None),  # one city in Yogyakarta
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


def test_the_highest_regency_of_each_province_is_the_official_one_or_a_retired_one() -> None:
    highest = {province.code: [0, 70] for province in wilayah.list_wilayah()}
    for province in highest:
        for regency in wilayah.list_wilayah(province):
            number = int(regency.code[3:])
            highest[province][number > 70] = max(highest[province][number > 70], number)
    for code in RENUMBERED:
        number = int(code[3:])
        highest[code[:2]][number > 70] = max(highest[code[:2]][number > 70], number)
    assert {province: tuple(pair) for province, pair in highest.items()} == HIGHEST_REGENCIES


def test_a_nik_says_where_it_was_first_given(call: Call) -> None:
    assert call("nik_region", "3171014508900001") == "31.71.01"
    assert call("nik_region", None) is None


@pytest.mark.parametrize(
    ("nik", "known_on", "maybe"),
    [
        ("3171010508100001", AS_OF, True),  # 5 August 2010: a child, or a family card of that day
        ("3171010508100001", date(2009, 1, 1), False),  # a card of the future there was not
        ("3171014508100001", AS_OF, False),  # day 45: a girl
        ("3171010508900001", AS_OF, False),  # 1990 or 2090: no family cards
    ],
)
def test_a_family_card_is_told_apart_as_far_as_its_digits_allow(
    call: Call, nik: str, known_on: date, maybe: bool
) -> None:
    assert call("may_be_family_card", nik, known_on) is maybe


@pytest.mark.parametrize(
    ("written", "is_card"),
    [
        ("4111 1111 1111 1111", True),
        ("5555-5555-5555-4444", True),
        ("3530111333300000", True),
        ("4111111111111112", False),  # check digit
        ("3171014508900001", False),
        ("317101450890000", False),
        ("x", False),
        (None, None),
    ],
)
def test_a_card_number_is_no_nik(call: Call, written: str, is_card: bool | None) -> None:
    assert call("is_card_number", written) is is_card
    assert not is_card or call("norm_nik", written) is None


@pytest.mark.parametrize(
    ("a", "b", "slip"),
    [
        ("3171014508900001", "3171014508910001", True),
        ("3171014508900001", "3171014508900010", True),
        ("3171014508900001", "3171014508900001", False),
        ("3171014508900001", "3171014509910001", False),
        ("3171014508900001", "3273014508900001", False),
        ("3171014508900001", None, None),
        (None, None, None),
    ],
)
def test_a_slip_is_one_digit_or_two_neighbours(call: Call, a: str, b: str, slip: bool | None) -> None:
    assert call("nik_slip", a, b) is slip
    assert call("nik_slip", b, a) is slip


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(alphabet="0123456789 .-x", max_size=20), max_size=40))
def test_no_text_makes_a_number_function_fail(call_each: Call, texts: list[str]) -> None:
    for nik in call_each("norm_nik", texts):
        assert nik is None or len(nik) == 16
    call_each("is_card_number", texts)
    call_each("nik_region", texts)
    call_each("nik_birth_date", texts, AS_OF)
    call_each("nik_slip", texts, "3171014508900001")
