"""What is refused before anything is stored: cells of secret columns, and card numbers wherever they stand.

A refused cell is left empty; that it was, by row, column and kind, is all that is kept of it. A card number
is written in one piece or in groups as on the card, begins as its network's do and has the right check digit.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from data_quality.parquet import identifier, literal
from data_quality.personal_patterns import CARD, NIK, luhn, text_of
from warehouse.contracts.refused import secret_kind

CARD_NUMBER = "card_number"
REFUSED_TEXT = "(not kept: it may hold a secret)"
_SHORTEST = 15
_SEP = r"[ .\-]?"
_EIGHT_DIGITS = rf"[0-9]{{4}}{_SEP}[0-9]{{4}}"
_AS_PRINTED = (
    rf"(?:^|[^0-9])([0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}(?:[0-9]{{3}})?"
    rf"|3[47][0-9]{{2}}{_SEP}[0-9]{{6}}{_SEP}[0-9]{{5}})(?:[^0-9]|$)"
)


@dataclass(frozen=True)
class Refusal:
    """So many cells of a column were refused."""

    column: str
    kind: str
    rows: int


def kept_cells(columns: Sequence[str], identity: Collection[str], trusted: Collection[str]) -> list[str]:
    """Each column as it may be stored, as SQL.

    In columns of `identity` numbers built like an Indonesian identity number stay; `trusted` columns are
    those whose long numbers the company has declared to be none of cards.
    """
    return [
        f"CASE WHEN {found} THEN NULL ELSE {identifier(name)} END AS {identifier(name)}"
        if (found := _found(name, identity, trusted))
        else identifier(name)
        for name in columns
    ]


def refusals_sql(columns: Sequence[str], identity: Collection[str], trusted: Collection[str]) -> str:
    """The refused cells of a row as `position:kind|position:kind`, or NULL when there are none."""
    flags = [
        f"CASE WHEN {found} THEN {literal(f'{number}:{secret_kind(name) or CARD_NUMBER}')} END"
        for number, name in enumerate(columns)
        if (found := _found(name, identity, trusted))
    ]
    return f"NULLIF(concat_ws('|', {', '.join(flags)}), '')" if flags else "CAST(NULL AS VARCHAR)"


def refusals_of(columns: Sequence[str], counted: dict[str, int]) -> list[Refusal]:
    """Cells by column and kind, from the rows of every value of `refusals_sql`."""
    found: dict[tuple[str, str], int] = {}
    for flags, rows in counted.items():
        for flag in flags.split("|"):
            number, _, kind = flag.partition(":")
            place = (columns[int(number)], kind)
            found[place] = found.get(place, 0) + rows
    return [Refusal(column, kind, rows) for (column, kind), rows in sorted(found.items())]


def holds_card_sql(text: str) -> str:
    """Whether a text holds a card number; NULL does not."""
    digits = "regexp_replace(found, '[^0-9]', '', 'g')"
    candidates = f"regexp_extract_all({text_of(text)}, {literal(_AS_PRINTED)}, 1)"
    numbers = f"list_transform({candidates}, lambda found: {digits})"
    test = f"regexp_full_match(digits, {literal(CARD)}) AND {luhn('digits')}"
    hits = f"len(list_filter({numbers}, lambda digits: {test})) > 0"
    worth_a_look = (
        f"strlen({text}) >= {_SHORTEST} AND regexp_matches({text_of(text)}, {literal(_EIGHT_DIGITS)})"
    )
    return f"CASE WHEN {worth_a_look} THEN {hits} ELSE FALSE END"


def _found(name: str, identity: Collection[str], trusted: Collection[str]) -> str:
    """The condition under which a cell of the column is refused; empty when it never is."""
    column = identifier(name)
    if secret_kind(name) is not None:
        return f"{column} IS NOT NULL"
    if name in trusted:
        return ""
    if name in identity:
        plain = f"regexp_replace({column}, '[^0-9]', '', 'g')"
        return f"{holds_card_sql(column)} AND NOT regexp_full_match({plain}, {literal(NIK)})"
    return holds_card_sql(column)
