"""The customer number in a list of customers that calls it just `Kode`, `ID` or `No`."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.suggest.guesses import Guess
from pipelines.suggest.headers import words_of
from pipelines.suggest.maps import is_list_of_people
from pipelines.suggest.meanings import KEY_NAMES, NUMBER_NAMES
from pipelines.suggest.values import Columns, present

OWN_VALUES = 0.95
COUNTER = "counts the rows; map it as source_id if other files refer to it"


def with_key(guesses: dict[str, Guess], columns: Columns) -> dict[str, Guess]:
    """The guesses with the column that tells customers apart, where none is called a customer number.

    Without it the list would not meet the sales that refer to it. A counter of rows says nothing about
    anybody, and in the next delivery another person has the same number.
    """
    if "source_id" in guesses or not is_list_of_people(guesses):
        return guesses
    taken = {guess.column for guess in guesses.values()}
    for names in (KEY_NAMES, NUMBER_NAMES):
        for column, values in columns.items():
            is_free = words_of(column) in names and column not in taken
            if is_free and _is_unique(values) and not is_counter(column, values):
                return {
                    **guesses,
                    "source_id": Guess(column, why="each row has its own; taken for the customer number"),
                }
    return guesses


def is_counter(column: str, values: Sequence[str | None]) -> bool:
    """Whether a column such as `No` only counts the rows: 1, 2, 3 from the top."""
    counted = [str(number) for number in range(1, len(values) + 1)]
    return words_of(column) in NUMBER_NAMES and bool(values) and [_whole(v) for v in values] == counted


def _is_unique(values: Sequence[str | None]) -> bool:
    """Whether nearly every row has a value of its own; a list may hold somebody twice."""
    return bool(values) and len(set(present(values))) >= OWN_VALUES * len(values)


def _whole(value: str | None) -> str:
    """A spreadsheet's `1.0` and a list's `1.` are 1."""
    return (value or "").strip().removesuffix(".0").rstrip(".").lstrip("0")
