"""Sheets written as text with tags: pages of HTML, and the XML of Excel 2003, told from other text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from lxml import etree

from warehouse.errors import InputError
from warehouse.landing.model import MOST_COLUMNS
from warehouse.landing.source import Encoding, utf8_blocks

PLACES = MOST_COLUMNS + 1
_FED_BYTES = 1 << 16
_LONGEST_CELL_CHARACTERS = 1 << 20
_PAGE = re.compile(rb"<(!doctype html|html|head|body|table|script|meta|style|title)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\s", re.IGNORECASE)
_ANY_TAG = re.compile(rb"<(!--|\w)")
_TABLE, _HTML = re.compile(rb"<table\b", re.IGNORECASE), re.compile(rb"<html\b", re.IGNORECASE)
_EXCEL_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_BEFORE_TEXT = b" \t\r\n\x00"


def kind_of_markup(head: bytes) -> str | None:
    """`html`, `xml` (that of Excel 2003), `other` XML, or None: from the beginning of a text in UTF-8."""
    text = head.lstrip(_BEFORE_TEXT)
    if _XML.match(text):
        return "html" if _HTML.search(text) else "xml" if _EXCEL_2003 in text else "other"
    if _PAGE.match(text) or (_ANY_TAG.match(text) and _TABLE.search(text)):
        return "html"
    return None


class Grid(Protocol):
    """What a parser tells of tags and texts; `taken` gives the rows that are whole by now."""

    def taken(self) -> list[tuple[int, int, list[str]]]:
        """(number of the table, number of the row, cells) of every row since the last time."""


def rows_of(path: Path, encoding: Encoding, parser: Any, grid: Grid) -> Iterator[tuple[int, int, list[str]]]:
    """Feed a file to a parser piece by piece; InputError when it is no markup after all."""
    try:
        for block in utf8_blocks(path, encoding):
            for start in range(0, len(block), _FED_BYTES):
                parser.feed(block[start : start + _FED_BYTES])
                yield from _narrow(grid, path)
        parser.close()
    except etree.ParseError:
        raise InputError(
            "the sheet is damaged", file=path, fix="open it in a spreadsheet and save it as XLSX or CSV"
        ) from None
    yield from _narrow(grid, path)


def _narrow(grid: Grid, path: Path) -> Iterator[tuple[int, int, list[str]]]:
    for table, number, cells in grid.taken():
        if len(cells) == PLACES and cells[-1]:
            raise InputError(
                f"a row has more than {MOST_COLUMNS:,} columns",
                file=path,
                line=number,
                fix="deliver only the columns that are read",
            )
        yield table, number, cells


def put(cells: list[str], text: str, columns: int) -> None:
    """A cell that takes so many columns: its text in the first. Beyond the last place only texts count."""
    if len(cells) < PLACES:
        cells += [text, *[""] * min(columns - 1, PLACES - 1 - len(cells))]
    elif text:
        cells[-1] = text


class Cell:
    """The text of one cell while it is read; none takes more than a megabyte."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        """More of it."""
        self._size += len(text)
        if self._size <= _LONGEST_CELL_CHARACTERS:
            self._parts.append(text)

    @property
    def written(self) -> str:
        """As it was written."""
        return "".join(self._parts)

    @property
    def text(self) -> str:
        """As a browser shows it: blanks and line ends are one blank."""
        return " ".join(self.written.split())


def number_in(attributes: Any, name: str, most: int, otherwise: int = 1) -> int:
    """A whole number among a tag's attributes, at most so large."""
    text = str(attributes.get(name, "")).strip()
    return min(int(text), most) if text.isdecimal() and len(text) < 10 and int(text) else otherwise


Numbered = Callable[[], Iterator[tuple[int, list[str]]]]


def of_table(rows: Callable[[], Iterator[tuple[int, int, list[str]]]], wanted: int) -> Numbered:
    """The rows of one table that hold anything."""

    def numbered() -> Iterator[tuple[int, list[str]]]:
        for table, number, cells in rows():
            if table == wanted and any(cells):
                yield number, cells

    return numbered
