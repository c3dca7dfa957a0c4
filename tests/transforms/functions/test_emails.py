from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]


@pytest.mark.parametrize(
    ("written", "email"),
    [
        (" Budi@Gmail.COM ", "budi@gmail.com"),
        ("budi@gmial.com", "budi@gmail.com"),
        ("budi@gmail.con", "budi@gmail.com"),
        ("budi@gmail.co", "budi@gmail.com"),
        ("budi@gmail,com", "budi@gmail.com"),
        ("budi@gmailcom", "budi@gmail.com"),
        ("budi@gmail.co.id", "budi@gmail.com"),
        ("budi@yaho.com", "budi@yahoo.com"),
        ("budi@yahoo.co.id", "budi@yahoo.co.id"),
        ("budi@yahoo.co.is", "budi@yahoo.co.id"),
        ("budi@hotmal.com", "budi@hotmail.com"),
        ("budi@mail.com", "budi@mail.com"),
        ("budi@kantor.co.id", "budi@kantor.co.id"),
        ("mailto:budi@x.org", "budi@x.org"),
        ("Budi <budi@x.co.id>", "budi@x.co.id"),
        ("budi@x.com; siti@x.com", "budi@x.com"),
        ("budi.s@x.com, siti.a@x.com", "budi.s@x.com"),
        ("budi@x.com.", "budi@x.com"),
        ("budi", None),
        ("budi@x", None),
        ("budi..s@x.com", None),
        ("budi@@x.com", None),
        ("budi s@x.com", None),
        ("b***@gmail.com", None),
        ("test@test.com", None),
        ("mickey@mouse.com", None),
        ("noemail@gmail.com", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_valid_and_repaired_or_null(call: Call, written: str, email: str | None) -> None:
    assert call("norm_email", written) == email


@pytest.mark.parametrize(
    "email", ["info@x.com", "admin@x.com", "noreply@x.com", "cs1@x.com", "no-reply@x.com"]
)
def test_an_office_is_not_a_person(call: Call, email: str) -> None:
    assert call("is_role_email", email) is True


def test_a_person_is_not_an_office(call: Call) -> None:
    assert call("is_role_email", "infonya.budi@x.com") is False


def test_placeholder_addresses_are_known(call: Call) -> None:
    assert call("is_placeholder_email", "Test@Test.com") is True
    assert call("is_placeholder_email", "budi@gmail.com") is False


PARTS = st.sampled_from(
    [
        "budi",
        "test",
        "@",
        "@",
        ".",
        "gmail",
        "gmial",
        "yahoo.co",
        ".com",
        ".con",
        ",com",
        ".id",
        ";",
        "<",
        ">",
        "mailto:",
        "-",
        "_",
        "x9",
        "mouse",
        "co",
    ]
)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.one_of(st.lists(PARTS, max_size=7).map("".join), st.emails(), st.text(max_size=15)), max_size=40
    )
)
def test_normalising_twice_changes_nothing(call_each: Call, texts: list[str]) -> None:
    once = call_each("norm_email", [text.replace("\0", "") for text in texts])
    assert call_each("norm_email", once) == once
