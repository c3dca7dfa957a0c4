"""Tables searched in DuckDB: one quick expression per row picks the few that are looked at closely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from data_quality.decoded import FILE, SqlTable
from data_quality.needles import UNIT, TextSearch
from data_quality.parquet import identifier

ROWS_TOGETHER = 1000


class TableSearch:
    """What is looked for, as expressions in one connection.

    They are bound to variables: no value stands in SQL, and each is compiled once per query.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, texts: TextSearch) -> None:
        self._con = con
        self._texts = texts
        for number, pattern in enumerate(texts.patterns):
            con.execute(f"SET VARIABLE needles_{number} = $1", [pattern])

    def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[Path, str, frozenset[int]]]:
        """For each cell that holds values, and each row that holds values which count only together: file,
        place after the file's name, and which."""
        for table in tables:
            described = self._con.execute(f"DESCRIBE SELECT * FROM {table.source}").fetchall()
            columns = [name for name, *_ in described if name != FILE]
            places = {position: f"{table.part}.{column}" for position, column in enumerate(columns)}
            for path, *cells in self._likely_rows(table, columns):
                for position, found in self._texts.found_in_row(cells):
                    place = f"{table.part}, rows" if position is None else places[position]
                    yield table.path or Path(path), place, found

    def _likely_rows(self, table: SqlTable, columns: list[str]) -> Iterator[tuple[str, ...]]:
        """The file and the cells, as texts, of the rows that may hold something."""
        texts = ", ".join(f"CAST({identifier(column)} AS VARCHAR)" for column in columns)
        whole = f"lower(concat_ws(chr({ord(UNIT)}), {texts}))"
        fits = " OR ".join(
            f"regexp_matches({whole}, getvariable('needles_{number}'))"
            for number in range(len(self._texts.patterns))
        )
        file = "''" if table.path is not None else FILE
        rows = self._con.execute(f"SELECT {file}, {texts} FROM {table.source} WHERE {fits}")
        while some := rows.fetchmany(ROWS_TOGETHER):
            yield from some
