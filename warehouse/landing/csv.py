"""CSV: read by Arrow where the quotes are well formed, line by line where they are not.

Either way an independent count of the file's records must equal rows + rejects + blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from warehouse.errors import InputError
from warehouse.landing import csv_careful, whitespace
from warehouse.landing.csv_layout import HEAD_BYTES, WHITESPACE, Layout, lay_out
from warehouse.landing.csv_scan import Structure, scan
from warehouse.landing.model import LandingTable, Reader, ReaderOptions, empty
from warehouse.landing.source import (
    BLOCK_BYTES,
    LONGEST_LINE_BYTES,
    Encoding,
    Utf8Stream,
    find_encoding,
    read_head,
    utf8_blocks,
)

_BLANK = " \t\r\n\x1a"
_EMPTY = b"\0 \t\r\n\x1a"
_REJECTS_WITHOUT_A_ROW = 100_000


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """A CSV file as text columns; `_line` is the physical line a record starts on."""
    encoding = find_encoding(path, options.encoding)
    head = read_head(path, encoding, HEAD_BYTES)
    if not head.strip():
        raise empty("file", path)
    if not head.strip(_EMPTY):
        raise InputError("the file holds nothing but NUL bytes", file=path, fix="deliver the file again")
    layout = lay_out(head, options, path)
    table = LandingTable(layout.columns, lambda _: iter(()), [encoding.note] if encoding.note else [])
    if layout.delimiter == WHITESPACE:
        table.reader = partial(whitespace.rows, path, encoding, layout, options.null_values)
    elif len(layout.delimiter) > 1 or not layout.delimiter.isascii():
        table.reader = partial(csv_careful.rows, path, encoding, layout, options.null_values)
    else:
        table.reader = _reader(path, encoding, layout, options)
    return table


def _reader(path: Path, encoding: Encoding, layout: Layout, options: ReaderOptions) -> Reader:
    """Choose by the file's structure: no quotes, well-formed quotes, or anything else."""
    structure = scan(utf8_blocks(path, encoding, layout.data_offset), layout.delimiter)
    is_quoted = structure.has_quoted_fields
    if structure.longest_bytes > LONGEST_LINE_BYTES or (is_quoted and not structure.is_well_formed):
        return partial(csv_careful.rows, path, encoding, layout, options.null_values)
    return partial(_arrow_rows, path, encoding, layout, options, structure)


def _arrow_rows(
    path: Path,
    encoding: Encoding,
    layout: Layout,
    options: ReaderOptions,
    structure: Structure,
    table: LandingTable,
) -> Iterator[pa.RecordBatch]:
    """Rows by Arrow's parser, with the physical line of each."""
    is_quoted = structure.has_quoted_fields
    count_records = structure.count_records if is_quoted else structure.count_lines
    if not count_records:
        return
    invalid: list[arrow_csv.InvalidRow] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        invalid.append(row)
        return "skip"

    names = [f"c{number}" for number in range(len(layout.columns))]
    lines = _LineNumbers(layout.first_line, is_quoted and structure.count_newlines_in_values > 0)
    count_rows = 0
    try:
        reader = arrow_csv.open_csv(
            Utf8Stream(path, encoding, layout.data_offset),
            arrow_csv.ReadOptions(
                use_threads=False,
                column_names=names,
                block_size=max(BLOCK_BYTES, 2 * structure.longest_bytes + 1024),
            ),
            arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                quote_char='"' if is_quoted else False,
                newlines_in_values=is_quoted and structure.count_newlines_in_values > 0,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=["", *options.null_values],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
        for batch in reader:
            line_numbers = lines.of_rows(batch, _drain(invalid), table, layout)
            count_rows += batch.num_rows
            if not count_rows and len(table.rejects) > _REJECTS_WITHOUT_A_ROW:
                raise _wrong_shape(path, layout)
            columns, line_numbers = _without_nul(batch, line_numbers, structure, table, layout)
            yield table.batch(columns, line_numbers)
    except pa.ArrowInvalid:
        raise InputError(
            "the file cannot be read as CSV", file=path, fix="check options.delimiter and options.encoding"
        ) from None
    lines.of_rows(None, _drain(invalid), table, layout)
    if not count_rows and len(table.rejects) > _REJECTS_WITHOUT_A_ROW:
        raise _wrong_shape(path, layout)
    if lines.count_records != count_records:
        raise InputError(
            f"the file holds {count_records} records but {lines.count_records} were read",
            file=path,
            fix="keep the file and report this as a fault of Satu",
        )


def _drain(invalid: list[arrow_csv.InvalidRow]) -> list[arrow_csv.InvalidRow]:
    drained = list(invalid)
    invalid.clear()
    return drained


def _wrong_shape(path: Path, layout: Layout) -> InputError:
    return InputError(
        f"no row has the header's {len(layout.columns)} columns",
        file=path,
        line=layout.first_line,
        fix="check options.delimiter, options.header and options.skip",
    )


def _without_nul(
    batch: pa.RecordBatch, lines: pa.Array, structure: Structure, table: LandingTable, layout: Layout
) -> tuple[list[pa.Array], pa.Array]:
    """Set aside rows with NUL characters, which databases and spreadsheets cut text at."""
    columns = batch.columns
    if not structure.count_nul or not batch.num_rows:
        return columns, lines
    has_nul = np.zeros(batch.num_rows, bool)
    for column in columns:
        has_nul |= pc.match_substring(column, "\0").fill_null(False).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(has_nul):
        text = layout.delimiter.join(column[int(row)].as_py() or "" for column in columns)
        table.reject(lines[int(row)].as_py(), *csv_careful.NUL, text)
    kept = pa.array(~has_nul)
    return [column.filter(kept) for column in columns], lines.filter(kept)


class _LineNumbers:
    """Physical lines of records: one each, plus the newlines inside the values before them."""

    def __init__(self, first_line: int, has_newlines_in_values: bool) -> None:
        self.count_records = 0
        self._first_line = first_line
        self._counts_newlines = has_newlines_in_values
        self._newlines = 0
        self._waiting: list[arrow_csv.InvalidRow] = []

    def of_rows(
        self,
        batch: pa.RecordBatch | None,
        invalid: list[arrow_csv.InvalidRow],
        table: LandingTable,
        layout: Layout,
    ) -> pa.Array:
        """Lines of a batch's rows; invalid records standing before its last row become rejects on the way."""
        self._waiting += invalid
        count_rows = batch.num_rows if batch is not None else 0
        bad = np.array([row.number - 1 for row in self._waiting], np.int64)
        places = np.arange(self.count_records, self.count_records + count_rows + len(bad))
        if len(bad):
            places = places[~np.isin(places, bad)]
        places = places[:count_rows]
        end = int(places[-1]) + 1 if count_rows else self.count_records
        count_before = int(np.searchsorted(bad, end)) if batch is not None else len(bad)
        before, self._waiting = self._waiting[:count_before], self._waiting[count_before:]
        self.count_records = max(end, before[-1].number) if before else end
        inside = _newlines_in_rows(batch) if self._counts_newlines and batch is not None else None
        rejected_inside = [_newlines_in_text(row.text) if self._counts_newlines else 0 for row in before]
        all_places = np.concatenate((places, bad[:count_before])).astype(np.int64)
        all_inside = np.concatenate(
            (
                np.zeros(count_rows, np.int64) if inside is None else inside,
                np.array(rejected_inside, np.int64),
            )
        )
        order = np.argsort(all_places, kind="stable")
        running = np.cumsum(all_inside[order])
        newlines_before = np.empty_like(all_inside)
        newlines_before[order] = running - all_inside[order] + self._newlines
        self._newlines += int(running[-1]) if len(running) else 0
        lines = self._first_line + all_places + newlines_before
        for row, line in zip(before, lines[count_rows:], strict=True):
            _reject(row, int(line), table, layout)
        return pa.array(lines[:count_rows], pa.int64())


def _newlines_in_rows(batch: pa.RecordBatch) -> np.ndarray:
    """How many line ends (LF, CR or CR LF) each row's values hold."""
    total = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        for text, sign in (("\n", 1), ("\r", 1), ("\r\n", -1)):
            counts = pc.count_substring(column, text)
            total += sign * counts.fill_null(0).to_numpy(zero_copy_only=False)
    return total


def _newlines_in_text(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _reject(row: arrow_csv.InvalidRow, line: int, table: LandingTable, layout: Layout) -> None:
    """A record with the wrong number of values; one of blanks only is a blank line."""
    if not row.text.strip(_BLANK):
        table.count_blank += 1
        return
    rule, reason, fix = csv_careful.shape(row.actual_columns, len(layout.columns))
    table.reject(line, rule, reason, fix, row.text)
