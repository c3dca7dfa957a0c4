"""Old binary files, made by hand: no program here writes them any more."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file (what .xls, .doc and encrypted workbooks are) with a few small streams.

    Sector 0 is the allocation table, sector 1 the directory, the streams follow; each is filled up to the size
    below which a stream would lie in a table of its own.
    """
    contents = [content.ljust(4096, b"\0") for content in streams.values()]
    table, sectors = [_FAT, _END], b""
    entries = [_entry("Root Entry", 5, 1 if streams else _NONE, _END, 0)]
    for number, (name, content) in enumerate(zip(streams, contents, strict=True), start=1):
        content = content.ljust(-len(content) // _SECTOR * -_SECTOR, b"\0")
        start, count = len(table), len(content) // _SECTOR
        table += [*range(start + 1, start + count), _END]
        sectors += content
        following = number + 1 if number < len(contents) else _NONE
        entries.append(_entry(name, 2, _NONE, start, len(content), following))
    fat = struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff")
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    assert len(fat) == len(directory) == _SECTOR
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6),
        0, 1, 1, 0, 4096, _END, 0, _END, 0, 0,
    )  # fmt: skip
    return header + struct.pack("<108I", *[_FREE] * 108) + fat + directory + sectors


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = _NONE) -> bytes:
    """One of the directory's entries; siblings hang to the right of each other."""
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sI8s8sIQ", encoded, len(encoded) + 2, kind, 1, _NONE, right, child, bytes(16), 0,
        bytes(8), bytes(8), start, size,
    )  # fmt: skip


def biff_sheet(rows: Iterable[Iterable[str | float]]) -> bytes:
    """A workbook of one sheet in Excel 97's records, with texts and numbers."""
    start = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    sheet = _record(0x0809, start[:2] + struct.pack("<H", 0x0010) + start[4:])
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, str):
                sheet += _record(0x0204, place + struct.pack("<HB", len(cell), 0) + cell.encode("latin-1"))
            else:
                sheet += _record(0x0203, place + struct.pack("<d", cell))
    sheet += _record(0x000A, b"")
    before = _record(0x0809, start) + _record(0x0042, struct.pack("<H", 1200))
    name = b"Data"
    length = len(before) + 4 + 8 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IHBB", length, 0, len(name), 0) + name)
    return before + bound + _record(0x000A, b"") + sheet


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content
