"""SQLite files searched in place: Dagster keeps its runs and events in them."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from data_quality.needles import UNIT, Texts
from data_quality.parquet import identifier

ROWS_TOGETHER = 1000
_MAGIC = b"SQLite format 3\0"


def is_sqlite(path: Path) -> bool:
    """Whether the file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def search_sqlite(path: Path, texts: Texts) -> Iterator[tuple[str, frozenset[int]]]:
    """For each cell that holds values, and each row that holds values which count only together: the place
    and which."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        for (table,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in con.execute(f"PRAGMA table_info({identifier(table)})")]
            cursor = con.execute(f"SELECT * FROM {identifier(table)}")
            while some := cursor.fetchmany(ROWS_TOGETHER):
                rows = [[_as_text(cell) for cell in row] for row in some]
                for likely in texts.likely([UNIT.join(row) for row in rows]):
                    for position, found in texts.found_in_row(rows[likely]):
                        place = "rows" if position is None else columns[position]
                        yield f"{table}{', ' if position is None else '.'}{place}", found


def _as_text(cell: Any) -> str:
    """A cell as text; Dagster keeps snapshots of its graphs compressed."""
    if not isinstance(cell, bytes):
        return str(cell)
    try:
        return zlib.decompress(cell).decode("utf-8", errors="replace")
    except zlib.error:
        return cell.decode("utf-8", errors="replace")
