"""Workbooks in the XML of Excel 2003, mostly named .xls: `_line` is the sheet's row.

Read piece by piece and never held whole; entities are not expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from warehouse.errors import InputError
from warehouse.landing.markup import PLACES, Cell, number_in, of_table, put, rows_of
from warehouse.landing.model import LandingTable, ReaderOptions
from warehouse.landing.sheet import read_sheet
from warehouse.landing.source import Encoding, find_encoding

_SPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_LAST_ROW = 1 << 20
_MIDNIGHT, _NO_FRACTION = "T00:00:00.000", ".000"


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """One sheet as text columns: `options.sheet` by name or number, the first unless said otherwise."""
    encoding = find_encoding(path, options.encoding)
    names: list[str] = []
    for _ in _rows(path, encoding, names):
        pass
    wanted = options.sheet
    if isinstance(wanted, str):
        folded = [name.strip().casefold() for name in names]
        number = folded.index(wanted.strip().casefold()) + 1 if wanted.strip().casefold() in folded else 0
    else:
        number = wanted if 1 <= wanted <= len(names) else 0
    if not number:
        raise InputError(
            f"there is no sheet `{wanted}`, the workbook has {len(names)}",
            file=path,
            fix="correct options.sheet",
        )
    return read_sheet(of_table(partial(_rows, path, encoding), number), options, path)


def _rows(
    path: Path, encoding: Encoding, names: list[str] | None = None
) -> Iterator[tuple[int, int, list[str]]]:
    book = _Book([] if names is None else names)
    parser = etree.XMLParser(target=book, encoding="utf-8", resolve_entities=False, no_network=True)
    return rows_of(path, encoding, parser, book)


class _Book:
    """Takes tags as the parser meets them and makes rows of them; `names` are those of the sheets."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._row = 0
        self._cells: list[str] = []
        self._cell: Cell | None = None
        self._text = ""
        self._is_day = False
        self._across = 0
        self._whole: list[tuple[int, int, list[str]]] = []

    def taken(self) -> list[tuple[int, int, list[str]]]:
        """The rows that became whole since the last time."""
        whole, self._whole = self._whole, []
        return whole

    def start(self, tag: str, attributes: Any) -> None:
        """A tag opens. `Index` passes over rows and cells that are empty."""
        name = tag.removeprefix(_SPACE)
        if name == "Worksheet":
            self._names.append(str(attributes.get(f"{_SPACE}Name", "")))
            self._row = 0
        elif name == "Row":
            self._row = max(self._row + 1, number_in(attributes, f"{_SPACE}Index", _LAST_ROW))
            self._cells = []
        elif name == "Cell":
            index = number_in(attributes, f"{_SPACE}Index", PLACES, len(self._cells) + 1)
            self._cells += [""] * (index - 1 - len(self._cells))
            self._across = number_in(attributes, f"{_SPACE}MergeAcross", PLACES, 0)
            self._text = ""
        elif name == "Data":
            self._cell = Cell()
            self._is_day = attributes.get(f"{_SPACE}Type") == "DateTime"

    def end(self, tag: str) -> None:
        """A tag closes."""
        name = tag.removeprefix(_SPACE)
        if name == "Data" and self._cell is not None:
            self._text, self._cell = self._cell.written, None
            if self._is_day:
                self._text = self._text.removesuffix(_MIDNIGHT).removesuffix(_NO_FRACTION)
        elif name == "Cell":
            put(self._cells, self._text, 1 + self._across)
        elif name == "Row":
            self._whole.append((len(self._names), self._row, self._cells))

    def data(self, text: str) -> None:
        """Text, which counts within a cell's data."""
        if self._cell is not None:
            self._cell.add(text)

    def close(self) -> None:
        """Nothing waits for the end."""
