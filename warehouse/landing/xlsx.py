"""Spreadsheets (xlsx, also xls, xlsb, ods): the values of one sheet as text, `_line` is the sheet's row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine

from warehouse.errors import InputError
from warehouse.landing.model import LandingTable, ReaderOptions, empty, header_names, nullify
from warehouse.landing.workbook_size import refuse_too_large

_BATCH_ROWS = 20_000
_LARGEST_PLAIN_FLOAT = 1e21
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
Row = Sequence[object]


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """One sheet as text columns: `options.sheet` by name or number, the first unless said otherwise."""
    sheet = _sheet(path, options)
    rows = _numbered(sheet)
    number, header = 0, None
    if options.header is not False:
        number, header = _header(rows, options, path)
        if header is None:
            raise empty("sheet", path)
    used = _used_columns(_numbered(sheet), max(number, options.skip), header)
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
    return LandingTable(columns, partial(_rows, sheet, used, max(number, options.skip), options.null_values))


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


def _sheet(path: Path, options: ReaderOptions) -> calamine.CalamineSheet:
    refuse_too_large(path)
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise _protected(path) from None
    except BaseException as error:
        if not isinstance(error, calamine.CalamineError | OSError | ValueError) and not _is_panic(error):
            raise
        if _is_encrypted(path):
            raise _protected(path) from None
        raise InputError(
            "the workbook is damaged or not a workbook",
            file=path,
            fix="open it in a spreadsheet and save it again",
        ) from None
    names = book.sheet_names
    wanted = options.sheet
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            raise InputError(
                f"there is no sheet {wanted}, the workbook has {len(names)}",
                file=path,
                fix="correct options.sheet",
            )
        wanted = names[wanted - 1]
    folded = {name.strip().casefold(): name for name in reversed(names)}
    if wanted.strip().casefold() not in folded:
        raise InputError(
            f"there is no sheet `{wanted}`, the workbook has {', '.join(f'`{name}`' for name in names)}",
            file=path,
            fix="correct options.sheet",
        )
    try:
        return book.get_sheet_by_name(folded[wanted.strip().casefold()])
    except BaseException as error:
        if not isinstance(error, calamine.CalamineError) and not _is_panic(error):
            raise
        raise InputError("the sheet is damaged", file=path, fix="save the workbook again") from None


def _is_panic(error: BaseException) -> bool:
    """Whether the library met what its authors ruled out; such errors are no Exception to Python."""
    return type(error).__name__ == "PanicException"


def _is_encrypted(path: Path) -> bool:
    try:
        return _ENCRYPTED in path.read_bytes()
    except OSError:
        return False


def _protected(path: Path) -> InputError:
    return InputError("the workbook is protected by a password", file=path, fix="save it without a password")


def _numbered(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Row]]:
    """The sheet's rows with their numbers, empty ones left out."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if any(value is not None and value != "" for value in row):
            yield number, row


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
    sheet: calamine.CalamineSheet,
    used: list[int],
    after: int,
    null_values: Sequence[str],
    table: LandingTable,
) -> Iterator[pa.RecordBatch]:
    rows = (numbered for numbered in _numbered(sheet) if numbered[0] > after)
    while part := list(islice(rows, _BATCH_ROWS)):
        columns = [
            nullify(pa.array([to_text(row[place]) for _, row in part], pa.string()), null_values)
            for place in used
        ]
        yield table.batch(columns, pa.array([number for number, _ in part], pa.int64()))
