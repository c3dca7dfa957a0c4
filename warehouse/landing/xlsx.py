"""Spreadsheets (xlsx, also xls, xlsb, ods): the values of one sheet as text, `_line` is the sheet's row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import python_calamine as calamine

from warehouse.errors import InputError
from warehouse.landing.model import LandingTable, ReaderOptions, empty
from warehouse.landing.sheet import Row, read_sheet
from warehouse.landing.workbook_size import refuse_too_large

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """One sheet as text columns: `options.sheet` by name or number, the first unless said otherwise."""
    return read_sheet(partial(_numbered, _sheet(path, options)), options, path)


def _sheet(path: Path, options: ReaderOptions) -> calamine.CalamineSheet:
    if not path.stat().st_size:
        raise empty("workbook", path)
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
