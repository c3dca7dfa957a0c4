"""The table of nicknames and spellings that the matcher joins on words of names."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import transforms.functions

Call = Callable[..., Any]
PATH = Path(transforms.functions.__file__).parent / "data" / "nicknames.csv"

with PATH.open(encoding="utf-8") as seed:
    ROWS = list(csv.DictReader(seed))
CANONICAL = {row["word"]: row["canonical"] for row in ROWS}


def test_a_word_has_one_canonical_form_and_that_has_none_of_its_own() -> None:
    assert len(CANONICAL) == len(ROWS)
    assert not CANONICAL.keys() & set(CANONICAL.values())
    assert [(row["canonical"], row["word"]) for row in ROWS] == sorted(
        (row["canonical"], row["word"]) for row in ROWS
    )


def test_words_are_as_norm_name_writes_them(call_each: Call) -> None:
    words = [*CANONICAL, *CANONICAL.values()]
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
def test_nicknames_meet_and_names_of_their_own_do_not(a: str, b: str, alike: bool) -> None:
    assert (CANONICAL.get(a, a) == CANONICAL.get(b, b)) is alike
