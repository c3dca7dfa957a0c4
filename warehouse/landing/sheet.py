"""The rows of one sheet, wherever they come from, as text columns; `_line` is the sheet's row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa

from warehouse.errors import InputError
from warehouse.landing.model import LandingTable, ReaderOptions, empty, header_names, nullify

_BATCH_ROWS = 20_000
_LARGEST_PLAIN_FLOAT = 1e21
Row = Sequence[object]
Rows = Callable[[], Iterator[tuple[int, Row]]]
"""The numbered rows of a sheet that are not empty, each time from the first on."""


def read_sheet(numbered: Rows, options: ReaderOptions, path: Path) -> LandingTable:
    """A sheet as text columns: its header and the columns that hold anything."""
    rows = numbered()
    number, header = 0, None
    if options.header is not False:
        number, header = _header(rows, options, path)
        if header is None:
            raise empty("sheet", path)
    used = _used_columns(numbered(), max(number, options.skip), header)
    if not used:
        raise empty("sheet", path)
    written = [to_text(header[place]) or "" for place in used] if header is not None else [""] * len(used)
    if options.names:
        if len(options.names) != len(used):
            raise InputError(
                f"options.names holds {len(options.names)} names but the sheet has {len(used)} columns",
                file=path,
                fix="name every column, from left to right",
            )
        written = list(options.names)
    columns = header_names(written, path, number or None)
    return LandingTable(
        columns, partial(_rows, numbered, used, max(number, options.skip), options.null_values)
    )


def to_text(value: object) -> str | None:
    """A cell as text: whole numbers without `.0`, dates in ISO form, true and false in small letters."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isfinite(value) and value.is_integer() and abs(value) < _LARGEST_PLAIN_FLOAT:
            return str(int(value))
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds()).removesuffix(".0")
    return str(value)


def _header(rows: Iterator[tuple[int, Row]], options: ReaderOptions, path: Path) -> tuple[int, Row | None]:
    """The header's row number and cells: the given row, else the first that is not empty after `skip`."""
    for number, row in rows:
        if options.header_line is not None and number >= options.header_line:
            if number == options.header_line:
                return number, row
            raise InputError(
                "the header's row is empty", file=path, line=options.header_line, fix="correct options.header"
            )
        if options.header_line is None and number > options.skip:
            return number, row
    return 0, None


def _used_columns(rows: Iterator[tuple[int, Row]], after: int, header: Row | None) -> list[int]:
    """Places of the columns with a name or any value; formatted but empty margins are not data."""
    used = {place for place, name in enumerate(header or ()) if to_text(name)}
    width = len(header) if header is not None else 0
    for number, row in rows:
        width = max(width, len(row))
        if number > after and len(used) < width:
            used.update(place for place, value in enumerate(row) if value is not None and value != "")
    return sorted(used)


def _rows(
    of: Rows,
    used: list[int],
    after: int,
    null_values: Sequence[str],
    table: LandingTable,
) -> Iterator[pa.RecordBatch]:
    rows = (numbered for numbered in of() if numbered[0] > after)
    while part := list(islice(rows, _BATCH_ROWS)):
        columns = [
            nullify(pa.array([to_text(row[place]) for _, row in part], pa.string()), null_values)
            for place in used
        ]
        yield table.batch(columns, pa.array([number for number, _ in part], pa.int64()))
