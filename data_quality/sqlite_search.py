"""SQLite files searched in place: Dagster keeps its runs and events in them."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa

from data_quality.needles import Texts
from data_quality.parquet import identifier

ROWS_TOGETHER = 1000
WAIT_SECONDS = 60.0
Row = Sequence[Any]
_MAGIC = b"SQLite format 3\0"


def is_sqlite(path: Path) -> bool:
    """Whether the file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def search_sqlite(path: Path, texts: Texts) -> Iterator[tuple[str, frozenset[int]]]:
    """For each cell that holds values, and each row that holds values which count only together: the place
    and which."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        for table in _tables(con):
            columns = [row[1] for row in con.execute(f"PRAGMA table_info({identifier(table)})")]
            for rows in _rows(con, table, "*"):
                for _, position, found in texts.in_rows(as_texts(rows)):
                    place = ", rows" if position is None else f".{columns[position]}"
                    yield f"{table}{place}", found


def delete_rows(path: Path, texts: Texts) -> int:
    """Delete the rows that hold something, and what the file kept of deleted rows; how many."""
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as con:
        con.execute("PRAGMA secure_delete = ON")
        deleted = 0
        for table in _tables(con):
            gone = [
                (rows[row][0],)
                for rows in _rows(con, table, "rowid, *")
                for row in {row for row, _, _ in texts.in_rows(as_texts([cells for _, *cells in rows]))}
            ]
            con.executemany(f"DELETE FROM {identifier(table)} WHERE rowid = ?", gone)
            deleted += len(gone)
        con.commit()
        con.execute("VACUUM")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted


def _tables(con: sqlite3.Connection) -> list[str]:
    return [name for (name,) in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def _rows(con: sqlite3.Connection, table: str, what: str) -> Iterator[list[Row]]:
    cursor = con.execute(f"SELECT {what} FROM {identifier(table)}")
    while some := cursor.fetchmany(ROWS_TOGETHER):
        yield some


def as_texts(rows: Sequence[Row]) -> list[pa.Array]:
    """Rows of cells as columns of text."""
    return [pa.array(map(_as_text, cells), pa.large_string()) for cells in zip(*rows, strict=True)]


def _as_text(cell: Any) -> str | None:
    """A cell as text; Dagster keeps snapshots of its graphs compressed."""
    if cell is None or isinstance(cell, str):
        return cell
    if not isinstance(cell, bytes | memoryview):
        return str(cell)
    try:
        return zlib.decompress(cell).decode("utf-8", errors="replace")
    except zlib.error:
        return bytes(cell).decode("utf-8", errors="replace")
