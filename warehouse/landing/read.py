"""One door for all formats: find out what a file is and read it as text columns."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import cast

import pyarrow as pa

from warehouse.errors import InputError, SatuError
from warehouse.landing.foreign import HEAD_BYTES, OTHER_XML, PAGE, refuse_foreign
from warehouse.landing.markup import kind_of_markup
from warehouse.landing.model import LandingTable, ReaderOptions
from warehouse.landing.source import find_encoding, open_bytes, read_head
from warehouse.landing.vcard_lines import ANY_CARD
from warehouse.machine import refusal
from warehouse.withheld import kind_and_place

FORMATS = ("csv", "xlsx", "json", "jsonl", "parquet", "vcf", "html", "xml")
_BY_EXTENSION = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".tab": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".vcf": "vcf",
    ".vcard": "vcf",
    ".htm": "html",
    ".html": "html",
    ".xml": "xml",
}
_ZIP_MAGIC, _OLE_MAGIC, _PARQUET_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
_FIRST_CARD = re.compile(rb"\s*BEGIN\s*:\s*VCARD\b", re.IGNORECASE)
_MARKUP = re.compile(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)*\s*<")
_SNIFF_BYTES = 65_536
_SNIFF_LINES = 20
_MAY_BE_MARKUP = frozenset({None, "xlsx", "html", "xml"})
Reader = Callable[[Path, ReaderOptions], LandingTable]


def read_file(path: Path, options: ReaderOptions | None = None, format: str | None = None) -> LandingTable:
    """The rows of a landing file; InputError (one sentence) when nothing of it can be read.

    `format` is the contract's; the content has the last word, with a note where they differ.
    """
    found = guess_format(path, format)
    module = import_module(f"warehouse.landing.{_family(found)}")
    reader = module.read_lines if found == "jsonl" else module.read
    with _foreseen(path):
        table = cast(Reader, reader)(path, options or ReaderOptions())
    rows = table.reader
    table.reader = lambda of: _contained(rows(of), path)
    expected = format or _by_extension(path)
    if expected and _family(expected) != _family(found):
        table.notes.append(f"the content is {found}, not {expected}")
    return table


@contextmanager
def _foreseen(path: Path) -> Iterator[None]:
    """What a library makes of a hostile file is that file's problem alone, never the night's."""
    try:
        yield
    except (SatuError, OSError, MemoryError):
        raise
    except Exception as error:
        if refusal(error) is not None:
            raise  # of the machine, not of the file
        raise InputError(
            f"the file cannot be read (unforeseen {kind_and_place(error)})",
            file=path,
            fix="deliver it again; if that does not help, report kind and place",
        ) from None


def _contained(batches: Iterator[pa.RecordBatch], path: Path) -> Iterator[pa.RecordBatch]:
    """The batches; an unforeseen error among them is told as one about the file."""
    while True:
        with _foreseen(path):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def guess_format(path: Path, declared: str | None = None) -> str:
    """The file's format: by content where it is unmistakable, else as declared or named."""
    if declared is not None and declared not in FORMATS:
        raise InputError(
            f"the format `{declared}` is not known", file=path, fix=f"use one of {', '.join(FORMATS)}"
        )
    expected = declared or _by_extension(path)
    try:
        with open_bytes(path) as file:
            magic = file.read(HEAD_BYTES)
    except (EOFError, OSError):
        magic = b""  # the reader says what is wrong with it
    refuse_foreign(magic, path)
    if magic.startswith(_PARQUET_MAGIC):
        return "parquet"
    if magic.startswith(_OLE_MAGIC) or (magic.startswith(_ZIP_MAGIC) and _is_workbook(path, expected)):
        return "xlsx"
    if expected == "parquet" or (expected == "xlsx" and not magic):
        return expected
    if _FIRST_CARD.match(magic):
        return "vcf"
    if (found := _markup(path, magic, expected)) is not None:
        return found
    if declared in ("csv", "json", "jsonl"):
        return declared
    head = read_head(path, find_encoding(path, None), _SNIFF_BYTES) if magic else b""
    if _FIRST_CARD.match(head) or (expected == "vcf" and ANY_CARD.search(head)):
        return "vcf"
    if expected == "xlsx" and b"\0" in head:
        return expected
    if _looks_like_json(head):
        return expected if expected in ("json", "jsonl") else "json"
    if expected in ("json", "jsonl") and (not head.strip() or _holds_an_object(head)):
        return expected
    return "csv"


def _markup(path: Path, magic: bytes, expected: str | None) -> str | None:
    """Which markup the file is, if any. Where data were to come, a page is an error's or a login's."""
    if not _MARKUP.search(magic.replace(b"\0", b"")):
        return None
    kind = kind_of_markup(read_head(path, find_encoding(path, None), _SNIFF_BYTES))
    if kind is None or (kind in ("html", "xml") and expected in _MAY_BE_MARKUP):
        return kind
    message, fix = PAGE if kind == "html" else OTHER_XML
    raise InputError(message, file=path, fix=fix)


def _by_extension(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return _BY_EXTENSION.get(suffixes[-1]) if suffixes else None


def _family(format: str) -> str:
    return "json" if format == "jsonl" else format


def _is_workbook(path: Path, expected: str | None) -> bool:
    """Whether a zip archive is a workbook; any other archive cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return True  # the workbook reader says that it is damaged
    if any(name.startswith("xl/") or name in ("mimetype", "content.xml") for name in names):
        return True
    raise InputError("the file is a zip archive", file=path, fix="unpack it and deliver the files inside")


def _holds_an_object(head: bytes) -> bool:
    """Whether any of the first lines begins like a JSON value, damaged as the very first may be."""
    return any(line.lstrip()[:1] in (b"{", b"[") for line in head.splitlines()[:_SNIFF_LINES])


def _looks_like_json(head: bytes) -> bool:
    """Whether text begins like a JSON record or a list of them, rather than like a CSV header."""
    text = head.decode("utf-8", "ignore").lstrip()
    if text.startswith("["):
        return text[1:].lstrip()[:1] in ("{", "]")
    if not text.startswith("{"):
        return False
    try:
        json.JSONDecoder().raw_decode(text)
        return True
    except (ValueError, RecursionError):
        return text[1:].lstrip().startswith('"') and ":" in text
