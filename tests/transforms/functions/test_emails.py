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
        ("budi@gmial.com", "budi@gmial.com"),
        ("budi@gmail,com", "budi@gmail.com"),
        ("budi@gmailcom", "budi@gmail.com"),
        ("budi@gmail", "budi@gmail.com"),
        ("budi @ gmail.com", "budi@gmail.com"),
        ("budi[at]kantor.co.id", "budi@kantor.co.id"),
        ("budi@yahoo.co,id", "budi@yahoo.co.id"),
        ("budi+promo@gmail.com", "budi+promo@gmail.com"),
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
        ("tidak.ada@yahoo.com", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_tidied_and_keeps_what_was_said(call: Call, written: str, email: str | None) -> None:
    assert call("norm_email", written) == email


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("budi@gmail.com", "budi@gmail.com"),
        ("budi@gmial.com", "budi@gmail.com"),
        ("budi@gmai.com", "budi@gmail.com"),
        ("budi@gmail.co", "budi@gmail.com"),
        ("budi@gmail.con", "budi@gmail.com"),
        ("budi@gmail.co.id", "budi@gmail.com"),
        ("budi@gmail.com.com", "budi@gmail.com"),
        ("budi@yaho.com", "budi@yahoo.com"),
        ("budi@yahooo.com", "budi@yahoo.com"),
        ("budi@yahoo.co.id", "budi@yahoo.co.id"),
        ("budi@yaho.co.id", "budi@yahoo.co.id"),
        ("budi@yahoo.co.is", "budi@yahoo.co.id"),
        ("budi@yahoo.com.id", "budi@yahoo.co.id"),
        ("budi@hotmal.com", "budi@hotmail.com"),
        ("budi@hotmial.com", "budi@hotmail.com"),
        ("budi@outlok.com", "budi@outlook.com"),
        ("budi@iclould.com", "budi@icloud.com"),
        ("budi@kantor.con", "budi@kantor.com"),
        ("b.u.di+promo@gmail.com", "budi@gmail.com"),
        ("b.udi@googlemail.com", "budi@gmail.com"),
        ("b.udi+x@kantor.co.id", "b.udi@kantor.co.id"),
        ("budi@me.com", "budi@icloud.com"),
        ("budi@pm.me", "budi@proton.me"),
        ("budi@mail.com", "budi@mail.com"),
        ("budi@ymail.com", "budi@ymail.com"),
        ("budi@yahoo.co.uk", "budi@yahoo.co.uk"),
        ("budi@outlook.co.id", "budi@outlook.co.id"),
        (None, None),
    ],
)
def test_slips_and_aliases_of_one_mailbox_share_a_key(call: Call, said: str, key: str | None) -> None:
    assert call("norm_email", said) == said
    assert call("email_key", said) == key


@pytest.mark.parametrize(
    "email",
    ["info@x.com", "admin@x.com", "noreply@x.com", "cs1@x.com", "no-reply@x.com", "customer.care@x.com"],
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
        "hotmial",
        "+tag",
        "googlemail",
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
    keys = call_each("email_key", once)
    assert call_each("email_key", keys) == keys
    assert [key is None for key in keys] == [email is None for email in once]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(max_size=20), max_size=40))
def test_a_key_of_anything_is_a_text_or_nothing(call_each: Call, texts: list[str]) -> None:
    call_each("email_key", [text.replace("\0", "") for text in texts])
