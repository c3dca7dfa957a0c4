"""The table of nicknames and spellings that the matcher joins on words of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[..., Any]
Rows = list[tuple[str, str]]


def test_a_word_has_one_canonical_form_and_that_has_none_of_its_own(nicknames: Rows) -> None:
    words = [word for word, _ in nicknames]
    assert len(set(words)) == len(words)
    assert not set(words) & {canonical for _, canonical in nicknames}
    assert nicknames == sorted(nicknames, key=lambda row: (row[1], row[0]))


def test_words_are_as_norm_name_writes_them(call_each: Call, nicknames: Rows) -> None:
    words = [word for row in nicknames for word in row]
    assert call_each("norm_name", words) == words


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("bob", "robert", True),
        ("bill", "willy", True),
        ("rizky", "riski", True),
        ("joesoef", "yusup", True),
        ("joko", "yoko", False),
        ("dwi", "dewi", False),
        ("putra", "putri", False),
        ("yuli", "juli", False),
        ("budi", "siti", False),
    ],
)
def test_nicknames_meet_and_names_of_their_own_do_not(nicknames: Rows, a: str, b: str, alike: bool) -> None:
    canonical = dict(nicknames)
    assert (canonical.get(a, a) == canonical.get(b, b)) is alike
