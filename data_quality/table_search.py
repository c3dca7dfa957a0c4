"""Tables searched as DuckDB reads them, every value as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import duckdb

from data_quality.decoded import FILE, SqlTable
from data_quality.needles import TextSearch
from warehouse.encrypted_files import plain_path

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
            file = "" if table.path is None else f", NULL AS {FILE}"
            texts = self._con.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR){file} FROM {table.source}")
            for batch in texts.to_arrow_reader(ROWS_TOGETHER):
                files = batch.column(FILE)
                columns = [name for name in batch.schema.names if name != FILE]
                cells = [batch.column(name) for name in columns]
                for row, position, found in self._texts.in_rows(cells):
                    place = ", rows" if position is None else f".{columns[position]}"
                    yield table.path or _path(files[row].as_py()), f"{table.part}{place}", found


@lru_cache(maxsize=1024)
def _path(name: str) -> Path:
    return plain_path(name)
