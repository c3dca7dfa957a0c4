"""How large a workbook becomes in memory, told before it is opened.

The library that reads workbooks keeps a sheet as a full grid up to its last value: one cell in the last
corner asks for 17 billion places, and where memory ends the whole process does. So sheets of xlsx are
measured first, and workbooks that cannot be measured are tried in a process of their own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from warehouse.errors import InputError
from warehouse.landing.source import refuse_bomb

_BLOCK_BYTES = 1 << 20
_MOST_BYTES = 2 << 30
_MOST_CELLS = 32 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Za-z]{1,3})([0-9]{1,7})[\"'](?:[^>]*[^/>])?>(?!</)")
_PARTS = re.compile(r"(xl/.*|[^/]*)\.(xml|bin)", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/.*\.xml", re.IGNORECASE)
_UNMEASURED = ("content.xml", "xl/workbook.bin")
_TRIAL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import python_calamine as calamine
book = calamine.CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    book.get_sheet_by_name(name)
"""
_TRIAL_SECONDS = 600


def refuse_too_large(path: Path) -> None:
    """InputError for a workbook that memory cannot hold; whatever else is wrong is for its reader to say."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if _PARTS.fullmatch(part.filename)]
            unpacked, packed = 0, path.stat().st_size
            for part in parts:
                last_row = last_column = 0
                for block in _blocks(archive, part):
                    unpacked += len(block)
                    refuse_bomb("workbook", unpacked, packed, path)
                    if unpacked > _MOST_BYTES:
                        raise _too_large(f"unpacks to more than {_MOST_BYTES >> 30} GB", path)
                    if _SHEET.fullmatch(part.filename):
                        row, column = _furthest(block)
                        last_row, last_column = max(last_row, row), max(last_column, column)
                if last_row * last_column > _MOST_CELLS:
                    raise InputError(
                        f"a sheet reaches to row {last_row:,} and column {last_column:,}",
                        file=path,
                        fix="delete what stands far from the table, or deliver the sheet as CSV",
                    )
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, RuntimeError):
        return
    if any(part.filename in _UNMEASURED for part in parts):
        _try_apart(path)


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part unpacked to its real end, whatever size it claims; cut before a tag that opens."""
    part.file_size = sys.maxsize
    pending = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK_BYTES):
            whole = pending + block
            cut = whole.rfind(b"<")
            while cut >= 0 and whole[cut + 1 : cut + 2] == b"/":
                cut = whole.rfind(b"<", 0, cut)
            cut = cut if cut > 0 and len(whole) - cut < _BLOCK_BYTES else len(whole)
            pending = whole[cut:]
            yield whole[:cut]
    yield pending


def _furthest(block: bytes) -> tuple[int, int]:
    """The last row and the last column among the cells that may hold a value; formats alone do not count."""
    found = _CELL.findall(block)
    if not found:
        return 0, 0
    letters = {column.upper() for column, _ in found}
    return max(int(row) for _, row in found), max(_number(text) for text in letters)


def _number(letters: bytes) -> int:
    """A=1, Z=26, AA=27, XFD=16384."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _try_apart(path: Path) -> None:
    """Open a workbook in a process that may take 4 GB; its end by a signal is the workbook's fault."""
    try:
        tried = subprocess.run(
            [sys.executable, "-I", "-c", _TRIAL, str(path)], capture_output=True, timeout=_TRIAL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise _too_large(f"takes longer than {_TRIAL_SECONDS} seconds to open", path) from None
    if tried.returncode < 0:
        raise _too_large("needs more than 4 GB of memory", path)


def _too_large(what: str, path: Path) -> InputError:
    return InputError(f"the workbook {what}", file=path, fix="deliver its sheet as CSV")
