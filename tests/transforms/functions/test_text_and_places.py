from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("  a   b ", "a b"),
        ("a\u200bb", "ab"),
        ("a\u00a0\tb", "a b"),
        ("e\u0301", "é"),
        ("\ufeffBudi", "Budi"),
        ("   ", None),
        ("", None),
        (None, None),
    ],
)
def test_clean_text_has_no_invisible_characters(call: Call, written: str, clean: str | None) -> None:
    assert call("clean_text", written) == clean


def test_accents_fold_to_letters(call: Call) -> None:
    assert call("fold_accents", "José Åsa") == "Jose Asa"


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("L", "male"),
        ("P", "female"),
        ("Laki-laki", "male"),
        ("perempuan", "female"),
        ("Pria", "male"),
        ("wanita", "female"),
        ("M", "male"),
        ("f", "female"),
        ("Male", "male"),
        ("LK", "male"),
        ("pr", "female"),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_sex_in_both_languages(call: Call, written: str, sex: str | None) -> None:
    assert call("norm_sex", written) == sex
    assert call("norm_sex", sex) == sex


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("12345", "12345"),
        ("12345.0", "12345"),
        (" 40 123", "40123"),
        ("1234", None),
        ("01234", None),
        (None, None),
    ],
)
def test_a_postcode_has_five_digits(call: Call, written: str, postcode: str | None) -> None:
    assert call("norm_postcode", written) == postcode
    assert call("norm_postcode", postcode) == postcode


@pytest.mark.parametrize(
    "written",
    [
        "Jl. Merdeka No.12, RT.003/RW.004, Kel. Gambir",
        "Jalan Merdeka no 12 RT 3/4 kelurahan gambir",
        "jln merdeka nomor 12 rt/rw 03/04 Kel Gambir",
        "JL MERDEKA NO12 RT03 RW04 KEL. GAMBIR",
    ],
)
def test_one_address_in_many_forms_is_one_key(call: Call, written: str) -> None:
    assert call("norm_address", written) == "jl merdeka no 12 rt 3 rw 4 kel gambir"


ADDRESSES = st.lists(
    st.sampled_from(
        [
            "Jl.",
            "jalan",
            "Gg",
            "No.12",
            "no012",
            "RT",
            "003/004",
            "rt03",
            "rw/",
            "/",
            "0",
            "kel",
            "Kelurahan",
            "'",
            "12a",
            "RTX",
            "-",
        ]
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.one_of(ADDRESSES.map(" ".join), st.text(max_size=12)), max_size=40))
def test_normalising_twice_changes_nothing(call_each: Call, texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]
    for function in ("norm_address", "clean_text", "norm_postcode", "norm_nik"):
        once = call_each(function, texts)
        assert call_each(function, once) == once
