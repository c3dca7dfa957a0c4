from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.functions import create_macros, set_secret

Call = Callable[..., Any]
SECRET = b"a secret of no one"


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=80).filter(lambda text: "\0" not in text))
def test_a_keyed_hash_is_pythons_hmac(call: Call, text: str) -> None:
    expected = hmac.new(SECRET, text.encode(), hashlib.sha256).hexdigest()
    assert call("keyed_hash", text) == expected
    assert call("keyed_int53", text) == max(1, int(expected, 16) & (2**53 - 1))
    assert call("keyed_int63", text) == max(1, int(expected, 16) & (2**63 - 1))


@pytest.mark.parametrize(
    ("digits", "low_53", "low_63"),
    [("0" * 64, 1, 1), ("f" * 64, 2**53 - 1, 2**63 - 1), ("0" * 63 + "7", 7, 7), (None, 1, 1)],
)
def test_low_bits_stay_in_range(call: Call, digits: str | None, low_53: int, low_63: int) -> None:
    if digits is not None:
        assert call("hash_low_53", digits) == low_53
        assert call("hash_low_63", digits) == low_63


@pytest.mark.parametrize("key", [b"", b"short", b"k" * 64, b"k" * 200])
def test_keys_of_any_length_follow_the_standard(key: bytes) -> None:
    with duckdb.connect() as con:
        create_macros(con)
        set_secret(con, key)
        assert con.execute("SELECT keyed_hash('a')").fetchall() == [
            (hmac.new(key, b"a", hashlib.sha256).hexdigest(),)
        ]


def test_nothing_in_nothing_out(call: Call) -> None:
    assert call("keyed_hash", None) is None
