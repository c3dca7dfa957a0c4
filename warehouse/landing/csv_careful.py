"""CSV whose quotes are not well formed, read line by line so that one bad line costs one line.

A quote in the middle of a field is a character like any other (`5" nail`). A field that begins with a quote
ends with one; where the line ends first, following lines are taken in only if they complete the record.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa

from warehouse.landing.csv_layout import Layout
from warehouse.landing.lines import reject_long
from warehouse.landing.model import LandingTable, nullify
from warehouse.landing.source import LONGEST_LINE_BYTES, Encoding, utf8_blocks

NUL = ("nul_character", "the row holds a NUL character", "export the file again, or remove the character")
_QUOTES = (
    "csv_quotes",
    "a quote is opened and never closed, or stands inside a quoted value",
    "double the quotes inside values, or close the open one",
)
_BATCH_ROWS = 20_000
_LONGEST_RECORD_LINES = 1_000
_LONGEST_FAST_TEXT = 100_000  # below the csv module's limit for a field
_BLANK = b" \t\r\n\x1a"


def shape(actual: int, expected: int) -> tuple[str, str, str]:
    """Rule, reason and fix for a record with the wrong number of values."""
    values = "value" if actual == 1 else "values"
    return (
        "csv_columns",
        f"the row has {actual} {values}, the header has {expected}",
        "quote values that hold the delimiter"
        if actual > expected
        else "complete the row, with empty values",
    )


def rows(
    path: Path, encoding: Encoding, layout: Layout, null_values: Sequence[str], table: LandingTable
) -> Iterator[pa.RecordBatch]:
    """Batches of the rows that can be told apart; the others are rejected."""
    split = _Splitter(layout.delimiter, len(layout.columns))
    records: list[list[str]] = []
    lines: list[int] = []
    for line, record in _records(_Lines(path, encoding, layout, table), split, table):
        records.append(record)
        lines.append(line)
        if len(records) == _BATCH_ROWS:
            yield _batch(records, lines, null_values, table)
            records, lines = [], []
    if records:
        yield _batch(records, lines, null_values, table)


def _batch(
    records: list[list[str]], lines: list[int], null_values: Sequence[str], table: LandingTable
) -> pa.RecordBatch:
    columns = [nullify(pa.array(values, pa.string()), null_values) for values in zip(*records, strict=True)]
    return table.batch(columns, pa.array(lines, pa.int64()))


def _records(lines: _Lines, split: _Splitter, table: LandingTable) -> Iterator[tuple[int, list[str]]]:
    """Every record with the line it starts on."""
    while (raw := lines.next()) is not None:
        number = lines.number
        if not raw.strip(_BLANK):
            table.count_blank += 1
            continue
        if len(raw) > LONGEST_LINE_BYTES:
            reject_long(table, number, raw[:200].decode("utf-8", "ignore"))
            continue
        text = raw.decode("utf-8")
        record = split(text)
        if record is None:
            record = _completed(text, lines, split)
        if record is None:
            table.reject(number, *_QUOTES, text.rstrip("\r\n"))
        elif len(record) != split.width:
            table.reject(number, *shape(len(record), split.width), text.rstrip("\r\n"))
        elif "\0" in text:
            table.reject(number, *NUL, text.rstrip("\r\n"))
        else:
            yield number, record


def _completed(text: str, lines: _Lines, split: _Splitter) -> list[str] | None:
    """The record that a line and its followers make; None (nothing taken in) when they make none."""
    taken: list[bytes] = []
    size = len(text)
    while len(taken) < _LONGEST_RECORD_LINES and size < LONGEST_LINE_BYTES:
        raw = lines.next()
        if raw is None:
            break
        taken.append(raw)
        size += len(raw)
        if b'"' not in raw:
            continue
        record = split(text + b"".join(taken).decode("utf-8"))
        if record is not None:
            if len(record) == split.width:
                return record
            break
        if split.is_broken:
            break
    lines.give_back(taken)
    return None


class _Splitter:
    """Divides a record's text; None when a field's quotes do not end where the field does."""

    def __init__(self, delimiter: str, width: int) -> None:
        mark = re.escape(delimiter)
        self.width = width
        self.is_broken = False  # no following line could complete the record
        self._delimiter = delimiter
        self._plain = re.compile(f"(?:(?!{mark})[^\r\n])*" if len(delimiter) > 1 else f"[^{mark}\r\n]*")
        self._quoted = re.compile(rf'[ \t]*"([^"]*(?:""[^"]*)*)"[ \t]*(?={mark}|[\r\n]*\Z)')
        self._open = re.compile(r'[ \t]*"[^"]*(?:""[^"]*)*\Z')
        field = f'(?:"[^"]*(?:""[^"]*)*"|[^"{mark}\r\n]*)'
        self._well_formed = (
            re.compile(f"{field}(?:{mark}{field})*[\r\n]*\\Z") if len(delimiter) == 1 else None
        )
        self._begins_quoted = re.compile(r'[ \t]*"')

    def __call__(self, text: str) -> list[str] | None:
        if '"' not in text:
            return text.rstrip("\r\n").split(self._delimiter)
        if self._well_formed and len(text) < _LONGEST_FAST_TEXT and self._well_formed.match(text):
            return next(csv.reader((text,), delimiter=self._delimiter))
        values: list[str] = []
        position = 0
        while True:
            match = self._quoted.match(text, position)
            if match:
                values.append(match.group(1).replace('""', '"'))
            elif self._begins_quoted.match(text, position):
                self.is_broken = not self._open.match(text, position)
                return None
            else:
                match = self._plain.match(text, position)
                assert match
                values.append(match.group(0))
            position = match.end()
            if not text.startswith(self._delimiter, position):
                return values
            position += len(self._delimiter)


class _Lines:
    """Physical lines with their ends and numbers, some of which may be given back."""

    def __init__(self, path: Path, encoding: Encoding, layout: Layout, table: LandingTable) -> None:
        self._source = _cut_lines(utf8_blocks(path, encoding, layout.data_offset))
        self.number = layout.first_line - 1

    def next(self) -> bytes | None:
        """The next line, None at the end."""
        line = next(self._source, None)
        if line is not None:
            self.number += 1
        return line

    def give_back(self, lines: list[bytes]) -> None:
        """Read these lines again."""
        self.number -= len(lines)
        self._source = chain(lines, self._source) if lines else self._source


def _cut_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines ended by LF, CR or CR LF; of a line far too long only the beginning is kept."""
    pending = b""
    for block in blocks:
        lines = (pending + block).splitlines(keepends=True)
        pending = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(pending) > 2 * LONGEST_LINE_BYTES:
            pending = pending[: LONGEST_LINE_BYTES + 1]
    if pending:
        yield pending
