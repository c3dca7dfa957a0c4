"""vCard contacts (2.1, 3.0, 4.0) as phones and address books write them: one row per card, `_line` its BEGIN.

Every file has the same columns, whatever its cards hold. Memory holds one block of the file and one batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa

from warehouse.landing.model import LandingTable, ReaderOptions, nullify
from warehouse.landing.source import Encoding, find_encoding, utf8_blocks
from warehouse.landing.vcard_columns import COLUMNS, Row, row_of
from warehouse.landing.vcard_lines import cards
from warehouse.landing.vcard_property import properties

_BATCH_CARDS = 10_000
_BATCH_CHARACTERS = 16 << 20
_OF_A_GROUP = (
    "card_of_a_group",
    "the card lists the members of a group and is nobody's",
    "nothing is lost: export contacts without groups to be rid of it",
)


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """The cards of a file as text columns."""
    encoding = find_encoding(path, options.encoding)
    notes = [encoding.note] if encoding.note else []
    return LandingTable(list(COLUMNS), partial(_batches, path, encoding, options.null_values), notes)


def _batches(
    path: Path, encoding: Encoding, null_values: Sequence[str], table: LandingTable
) -> Iterator[pa.RecordBatch]:
    rows: list[Row] = []
    lines: list[int] = []
    size = 0
    for card in cards(utf8_blocks(path, encoding), table):
        row = row_of(properties(card.contents))
        if row.get("kind") == "group":
            table.reject(card.line, *_OF_A_GROUP, "\n".join(card.contents))
            continue
        rows.append(row)
        lines.append(card.line)
        size += card.size
        if len(rows) == _BATCH_CARDS or size > _BATCH_CHARACTERS:
            yield _batch(rows, lines, null_values, table)
            rows, lines, size = [], [], 0
    if rows:
        yield _batch(rows, lines, null_values, table)


def _batch(
    rows: Sequence[Row], lines: Sequence[int], null_values: Sequence[str], table: LandingTable
) -> pa.RecordBatch:
    filled = frozenset().union(*rows)
    nothing = pa.nulls(len(rows), pa.string())
    columns = [
        nullify(pa.array([row.get(column) for row in rows], pa.string()), null_values)
        if column in filled
        else nothing
        for column in COLUMNS
    ]
    return table.batch(columns, pa.array(lines, pa.int64()))
