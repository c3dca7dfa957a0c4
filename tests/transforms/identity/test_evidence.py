"""Evidence in words: what levels say, how strongly, and what contradicts one person."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import transforms.identity
from transforms.identity.comparisons import NAMES
from transforms.identity.evidence import (
    CONTRADICTIONS,
    Scale,
    chance,
    contradicted,
    household_bits,
    readings,
    strength,
)
from transforms.identity.rules import _RULES, OTHER


def packed(**levels: int) -> int:
    """A pattern with these levels, silent elsewhere."""
    return sum((levels.get(name, -1) + 1) << (4 * number) for number, name in enumerate(NAMES))


SCALE = Scale(
    {("name", 9): 10.0, ("phone", 0): -2.0, ("phone", 3): 12.0},
    priors={"": 8.0, "name phone": 7.0},
    threshold=3.0,
)


def test_comparisons_speak_the_weightiest_first_and_silent_ones_not_at_all() -> None:
    found = readings(packed(phone=0, name=9), SCALE)
    assert [(r.words.en, r.words.id, r.bits) for r in found] == [
        ("same name", "nama sama", 10.0),
        ("different phones", "telepon berbeda", -2.0),
    ]


def test_what_the_sum_lacks_is_what_a_household_would_show_too() -> None:
    said = readings(packed(name=9, phone=3), SCALE)
    assert household_bits(16.0, 1.0, said, SCALE) == 0.0
    assert household_bits(12.0, 1.0, said, SCALE) == -4.0


def test_the_start_depends_on_what_both_records_state() -> None:
    assert SCALE.prior_bits(readings(packed(name=9, phone=3), SCALE)) == 7.0
    assert SCALE.prior_bits(readings(packed(name=9), SCALE)) == 8.0


@pytest.mark.parametrize(
    "bits, words",
    [
        (12.0, "strong evidence for"),
        (2.5, "some evidence for"),
        (-0.7, "slight evidence against"),
        (-5.0, "strong evidence against"),
        (0.2, "says little"),
    ],
)
def test_strength_in_words(bits: float, words: str) -> None:
    assert strength(bits).en == words


def test_chances_in_words() -> None:
    assert [chance(p).en for p in (1.0, 0.97, 0.5, 0.0)] == [
        "practically certain",
        "very likely",
        "could be",
        "unlikely",
    ]


@pytest.mark.parametrize(
    "levels, found",
    [
        ({"identity": 0, "name": 9}, ["identity"]),
        ({"birth": 0, "name": 9}, ["birth"]),
        ({"birth": 0, "identity": 3}, []),
        ({"sex": 0, "name": 0, "email": 3}, ["sex"]),
        ({"name": 2, "phone": 3}, ["name"]),
        ({"name": 2, "email": 3}, []),
    ],
)
def test_contradictions(levels: dict[str, int], found: list[str]) -> None:
    assert contradicted(packed(**levels)) == found
    assert set(found) <= set(CONTRADICTIONS)


def test_every_rule_has_words_in_both_languages() -> None:
    path = Path(transforms.identity.__file__).with_name("match_rules.csv")
    with path.open(encoding="utf-8", newline="") as file:
        words = {row["rule"]: row for row in csv.DictReader(file)}
    shown = {name for name, _ in _RULES} | {OTHER, "single", "steward_same", "steward_different"}
    assert shown <= set(words)
    assert all(row["en"] and row["id"] for row in words.values())
