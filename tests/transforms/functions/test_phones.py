from __future__ import annotations

from collections.abc import Callable
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("081 2345 678 90", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("0062 812 3456 7890", "+6281234567890"),
        ("+62 (0)812 3456 7890", "+6281234567890"),
        ("+62 0812 3456 7890", "+6281234567890"),
        ("wa.me/6281234567890", "+6281234567890"),
        ("https://wa.me/6281234567890", "+6281234567890"),
        ("https://api.whatsapp.com/send?phone=6281234567890", "+6281234567890"),
        ("tel:+62-812-3456-7890", "+6281234567890"),
        ("HP: 0812 3456 7890", "+6281234567890"),
        ("0812 3456 7890 / 0813 1111 2222", "+6281234567890"),
        ("(021) 555-1234", "+62215551234"),
        ("+6221 5551234", "+62215551234"),
        ("021-5551234 ext 12", "+62215551234"),
        ("+65 8123 4567", "+6581234567"),
        ("+1 415 555 2671", "+14155552671"),
        ("0065 8123 4567", "+6581234567"),
        ("0812", None),
        ("0812345678901234", None),
        ("5551234", None),
        ("0812****7890", None),
        ("0812xxxx7890", None),
        ("0000000000", None),
        ("1234567890", None),
        ("081111111111", None),
        ("tidak ada", None),
        ("", None),
        (None, None),
    ],
)
def test_every_indonesian_form_becomes_e164(call: Call, written: str, number: str | None) -> None:
    assert call("norm_phone", written, "ID") == number


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("8123 4567", "SG", "+6581234567"),
        ("012-345 6789", "MY", "+60123456789"),
        ("+62 812 3456 7890", "SG", "+6281234567890"),
        ("081234567890", None, "+6281234567890"),
        ("+6581234567", "ZZ", "+6581234567"),
        ("081234567890", "ZZ", None),
    ],
)
def test_a_number_without_a_code_belongs_to_the_country(
    call: Call, written: str, country: str | None, number: str | None
) -> None:
    assert call("norm_phone", written, country) == number


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("0812 3456 7890 / 0813 1111 2222", ["0812 3456 7890", "0813 1111 2222"]),
        ("081234567890;081311112222,0215551234", ["081234567890", "081311112222", "0215551234"]),
        ("081234567890 atau 081311112222", ["081234567890", "081311112222"]),
        ("https://wa.me/6281234567890", ["6281234567890"]),
        ("tidak ada", []),
    ],
)
def test_a_cell_may_hold_several_numbers(call: Call, cell: str, numbers: list[str]) -> None:
    assert call("split_phones", cell) == numbers


def test_only_indonesian_numbers_are_known_to_be_mobile(call: Call) -> None:
    assert call("is_mobile_phone", "+6281234567890") is True
    assert call("is_mobile_phone", "+62215551234") is False
    assert call("is_mobile_phone", "+6581234567") is None


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.text(alphabet="0123456789+-() ./68", max_size=20), max_size=40),
    st.sampled_from(["ID", "SG", "ZZ"]),
)
def test_normalising_twice_changes_nothing(call_each: Call, texts: list[str], country: str) -> None:
    once = call_each("norm_phone", texts, country)
    assert call_each("norm_phone", once, country) == once


@settings(deadline=None, max_examples=40)
@given(st.integers(811_0000_000, 899_9999_9999))
def test_a_mobile_number_reads_as_the_phonenumbers_package_reads_it(call: Call, national: int) -> None:
    known = phonenumbers.parse(f"0{national}", "ID")
    ours = call("norm_phone", f"0{national}", "ID")
    if ours is not None:
        assert ours == phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.E164)
