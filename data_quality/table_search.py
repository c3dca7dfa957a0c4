"""Tables searched as DuckDB reads them, every value as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import duckdb

from data_quality.decoded import FILE, SqlTable
from data_quality.needles import TextSearch
from data_quality.parquet import identifier

ROWS_TOGETHER = 100_000


class TableSearch:
    """What is looked for, and the connection that reads tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, texts: TextSearch) -> None:
        self._con = con
        self._texts = texts

    def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[Path, str, frozenset[int]]]:
        """For each cell that holds values, and each row that holds values which count only together: file,
        place after the file's name, and which."""
        for table in tables:
            described = self._con.execute(f"DESCRIBE SELECT * FROM {table.source}").fetchall()
            columns = [name for name, *_ in described if name != FILE]
            texts = ", ".join(f"CAST({identifier(column)} AS VARCHAR)" for column in columns)
            file = "NULL" if table.path is not None else FILE
            rows = self._con.execute(f"SELECT {texts}, {file} FROM {table.source}")
            for batch in rows.to_arrow_reader(ROWS_TOGETHER):
                *cells, files = batch.columns
                for row, position, found in self._texts.in_rows(cells):
                    place = ", rows" if position is None else f".{columns[position]}"
                    yield table.path or _path(files[row].as_py()), f"{table.part}{place}", found


@lru_cache(maxsize=1024)
def _path(name: str) -> Path:
    return Path(name)
