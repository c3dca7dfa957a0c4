"""Tables of HTML pages, which many programs write and name .xls: `_line` is the table's row.

A page is read piece by piece and never held whole. Of several tables the one with the most rows is read, or
the one that `options.sheet` numbers. A table within a cell is a table of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from warehouse.errors import InputError
from warehouse.landing.foreign import PAGE
from warehouse.landing.markup import PLACES, Cell, number_in, of_table, put, rows_of
from warehouse.landing.model import LandingTable, ReaderOptions
from warehouse.landing.sheet import read_sheet
from warehouse.landing.source import Encoding, find_encoding, read_head

_CHARSET = re.compile(rb"<meta\b[^>]*\bcharset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 65_536
_MOST_ROWS_SPANNED = 65_534
_NOT_SHOWN = frozenset({"script", "style", "title"})
_CELLS = frozenset({"td", "th"})
_BREAKS = frozenset({"br", "p", "div", "li"})


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """The largest table of a page, or the one `options.sheet` numbers, as text columns."""
    encoding = _encoding(path, options)
    rows = partial(_rows, path, encoding)
    sizes = Counter(table for table, _, cells in rows() if any(cells))
    wanted = options.sheet if isinstance(options.sheet, int) and options.sheet > 1 else None
    if wanted is None:
        if not sizes:
            raise InputError(PAGE[0], file=path, fix=PAGE[1])
        wanted = min(sizes, key=lambda table: (-sizes[table], table))
    elif wanted not in sizes:
        raise InputError(f"there is no table {wanted} on the page", file=path, fix="correct options.sheet")
    table = read_sheet(of_table(rows, wanted), options, path)
    table.notes += [encoding.note] if encoding.note else []
    return table


def _encoding(path: Path, options: ReaderOptions) -> Encoding:
    """As for other text; where it would be guessed, the page's own word counts."""
    found = find_encoding(path, options.encoding)
    said = _CHARSET.search(read_head(path, found, _HEAD_BYTES)) if found.note else None
    if said is None:
        return found
    try:
        named = find_encoding(path, said[1].decode())
        for _ in _rows(path, named):
            pass
    except InputError:
        return found
    return named


def _rows(path: Path, encoding: Encoding) -> Iterator[tuple[int, int, list[str]]]:
    page = _Page()
    return rows_of(path, encoding, etree.HTMLParser(target=page, encoding="utf-8"), page)


@dataclass
class _Table:
    """A table while it is read; `below` are cells of rows above that reach into this one."""

    number: int
    row: int = 0
    cells: list[str] | None = None
    cell: Cell | None = None
    columns: int = 1
    rows: int = 1
    below: dict[int, int] = field(default_factory=dict)


class _Page:
    """Takes tags as the parser meets them and makes rows of them; tables may stand in cells of others."""

    def __init__(self) -> None:
        self._open: list[_Table] = []
        self._count = 0
        self._hidden = 0
        self._whole: list[tuple[int, int, list[str]]] = []

    def taken(self) -> list[tuple[int, int, list[str]]]:
        """The rows that became whole since the last time."""
        whole, self._whole = self._whole, []
        return whole

    def start(self, tag: str, attributes: Any) -> None:
        """A tag opens; what HTML lets authors leave open is closed."""
        if tag in _NOT_SHOWN:
            self._hidden += 1
        elif tag == "table":
            self._count += 1
            self._open.append(_Table(self._count))
        elif self._open and tag == "tr":
            self._end_row(self._open[-1])
            self._begin_row(self._open[-1])
        elif self._open and tag in _CELLS:
            table = self._open[-1]
            self._end_cell(table)
            if table.cells is None:
                self._begin_row(table)
            table.cell = Cell()
            table.columns = number_in(attributes, "colspan", PLACES)
            table.rows = number_in(attributes, "rowspan", _MOST_ROWS_SPANNED)
        elif tag in _BREAKS:
            self.data(" ")

    def end(self, tag: str) -> None:
        """A tag closes."""
        if tag in _NOT_SHOWN:
            self._hidden -= 1
        elif self._open and tag in _CELLS:
            self._end_cell(self._open[-1])
        elif self._open and tag == "tr":
            self._end_row(self._open[-1])
        elif self._open and tag == "table":
            self._end_row(self._open.pop())

    def data(self, text: str) -> None:
        """Text, which belongs to the innermost cell."""
        if self._open and not self._hidden and (cell := self._open[-1].cell) is not None:
            cell.add(text)

    def close(self) -> None:
        """The page ends, whatever is open."""
        while self._open:
            self._end_row(self._open.pop())

    def _begin_row(self, table: _Table) -> None:
        table.row += 1
        table.cells = []

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.cells is None:
            return
        self._pass_over(table)
        first = len(table.cells)
        put(table.cells, table.cell.text, table.columns)
        if table.rows > 1:
            table.below |= dict.fromkeys(range(first, len(table.cells)), table.rows)
        table.cell = None

    def _pass_over(self, table: _Table) -> None:
        """Leave the places free that cells of rows above reach into."""
        assert table.cells is not None
        while len(table.cells) in table.below:
            table.cells.append("")

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.cells is not None:
            self._pass_over(table)
            self._whole.append((table.number, table.row, table.cells))
            table.below = {place: left - 1 for place, left in table.below.items() if left > 1}
        table.cells = None
