"""Files that are no tables, told by their first bytes: what they are and what to deliver instead."""

from __future__ import annotations

from pathlib import Path

from warehouse.errors import InputError

HEAD_BYTES = 512
_EXPORT, _UNPACK = "export it as CSV, XLSX, JSON or Parquet", "unpack it and deliver the files inside"
_SAVE_AS = "open it in a spreadsheet and save it as XLSX or CSV"
_BEGINNINGS = (
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"{\\rtf", "a text document", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"SQLite format 3\0", "a SQLite database", _EXPORT),
    (b"\x7fELF", "a program", _EXPORT),
    (b"MZ\x90\0", "a program", _EXPORT),
    (b"\x1f\x8b", "packed twice", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"BZh", "packed with bzip2", "pack it with gzip, or not at all"),
    (b"\xfd7zXZ\0", "packed with xz", "pack it with gzip, or not at all"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "pack it with gzip, or not at all"),
)
PAGE = ("the file is an HTML page", _SAVE_AS)
OTHER_XML = ("the file is XML", _SAVE_AS)


def refuse_foreign(head: bytes, path: Path) -> None:
    """InputError when a file begins like something that holds no table."""
    for beginning, what, fix in _BEGINNINGS:
        if head.startswith(beginning):
            raise InputError(f"the file is {what}", file=path, fix=fix)
