"""SQLite files searched in place: Dagster keeps its runs and events in them."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from data_quality.needles import TextSearch
from data_quality.parquet import identifier

_MAGIC = b"SQLite format 3\0"
_UNIT = "\x1f"


def is_sqlite(path: Path) -> bool:
    """Whether the file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def search_sqlite(path: Path, cells: TextSearch, rows: TextSearch) -> Iterator[tuple[str, int]]:
    """Each column with how many of its cells hold something, each table with how many of its rows do."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        con.create_function("holds", 1, lambda cell: cells.is_in(_as_text(cell)), deterministic=True)
        con.create_function("row_holds", -1, lambda *row: rows.is_in(_UNIT.join(map(_as_text, row))))
        for (table,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in con.execute(f"PRAGMA table_info({identifier(table)})")]
            counted = [f"SUM(holds({identifier(column)}))" for column in columns]
            counted.append(f"SUM(row_holds({', '.join(map(identifier, columns))}))")
            counts = con.execute(f"SELECT {', '.join(counted)} FROM {identifier(table)}").fetchone()
            places = [*(f"{table}.{column}" for column in columns), f"{table}, rows"]
            yield from ((place, int(n)) for place, n in zip(places, counts, strict=True) if n)


def _as_text(cell: Any) -> str:
    """A cell as text; Dagster keeps snapshots of its graphs compressed."""
    if not isinstance(cell, bytes):
        return str(cell)
    try:
        return zlib.decompress(cell).decode("utf-8", errors="replace")
    except zlib.error:
        return cell.decode("utf-8", errors="replace")
