"""The engine port and DuckDB behind it.

An engine runs SELECTs over named tables and Parquet files. It never writes a file of the warehouse: rows
leave it as Arrow, and `store` writes them. Row order means nothing unless the SQL orders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import pyarrow as pa

from warehouse.encrypted_files import make_readable, sql_path
from warehouse.files import private_dir

Parameters = Sequence[Any] | Mapping[str, Any] | None

BATCH_ROWS = 122_880
MOST_CODES = 10_000
"""Distinct texts of a column up to which they are coded."""
_REGISTERED = "REGISTERED"
Setting = str | bool | int | float | list[str]
SETTINGS: dict[str, Setting] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a name in SQL is a table, never a Python variable
}


def connect(**settings: Setting) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory, as every part of the flow opens it: no extension is fetched, times are in UTC.

    It draws no progress bar: where DuckDB takes a process for an interactive one (`python -c`, a notebook) it
    would draw it on stdout, which belongs to results. That is a setting of a session, so it cannot stand in
    SETTINGS.
    """
    con = duckdb.connect(":memory:", config=SETTINGS | settings)
    con.execute("SET enable_progress_bar = false")
    con.execute("SET TimeZone = 'UTC'")
    make_readable(con)
    return con


class Engine(Protocol):
    """What the flow asks of an engine; names are those the SQL models use."""

    def put(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable under a name, replacing what had it."""

    def attach(self, name: str, paths: Sequence[Path], schema: pa.Schema | None = None) -> None:
        """Make Parquet files of one schema readable under a name. No files: an empty table of `schema`."""

    def define(self, name: str, sql: str) -> None:
        """Make a query readable under a name, computed whenever it is read."""

    def materialise(self, name: str, sql: str, *, coded: Sequence[str] = ()) -> None:
        """Compute a query once and keep its rows under a name, for this engine's life or until dropped.

        Texts of the `coded` columns, which repeat, may be held as numbers; who reads them sees texts.
        """

    def drop(self, name: str) -> None:
        """Forget a name and free its rows; an unknown name is fine."""

    def fetch(self, sql: str, params: Parameters = None) -> pa.Table:
        """The rows of a query, in memory."""

    def reader(self, sql: str, params: Parameters = None) -> pa.RecordBatchReader:
        """The rows of a query as a stream, to be read before the engine is asked anything else."""

    def scalar(self, sql: str, params: Parameters = None) -> Any:
        """The first column of the first row; None when there is no row."""

    def close(self) -> None:
        """Free everything."""


class DuckDBEngine:
    """DuckDB in memory: nothing persists, so its single-writer lock never matters.

    `setup` receives the new connection once, to create macros and to set the key of keyed hashes. Without a
    `temp_directory` everything has to fit into memory.
    """

    def __init__(
        self,
        temp_directory: Path | None,
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
        max_temp_directory_size: str = "100GB",
        setup: Callable[[duckdb.DuckDBPyConnection], None] | None = None,
    ) -> None:
        settings: dict[str, Setting] = {
            "temp_directory": "" if temp_directory is None else str(private_dir(temp_directory)),
            "max_temp_directory_size": max_temp_directory_size,
            "preserve_insertion_order": "false",
        }
        if memory_limit is not None:
            settings["memory_limit"] = memory_limit
        if threads is not None:
            settings["threads"] = threads
        self._con = connect(**settings)
        self._kinds: dict[str, str] = {}
        if setup is not None:
            setup(self._con)

    def put(self, name: str, table: pa.Table) -> None:
        self.drop(name)
        self._con.register(name, table)
        self._kinds[name] = _REGISTERED

    def attach(self, name: str, paths: Sequence[Path], schema: pa.Schema | None = None) -> None:
        if not paths:
            if schema is None:
                raise ValueError(f"{name}: without files the Arrow schema must be given")
            self.put(name, schema.empty_table())
            return
        self.define(name, f"FROM {read_parquet(paths)}")

    def define(self, name: str, sql: str) -> None:
        self.drop(name)
        self._con.execute(f"CREATE TEMP VIEW {identifier(name)} AS {sql}")
        self._kinds[name] = "VIEW"

    def materialise(self, name: str, sql: str, *, coded: Sequence[str] = ()) -> None:
        making = f"_making_{name}"
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {identifier(making)} AS {sql}")
        for column in coded:
            self._encode(making, column)
        self.drop(name)
        self._con.execute(f"ALTER TABLE {identifier(making)} RENAME TO {identifier(name)}")
        self._kinds[name] = "TABLE"

    def _encode(self, table: str, column: str) -> None:
        """Rows with numbers for texts sort and leave the engine in a quarter of the time."""
        texts, name = identifier(column), identifier(table)
        found = f"SELECT DISTINCT {texts} FROM {name} WHERE {texts} IS NOT NULL LIMIT {MOST_CODES + 1}"
        values = sorted(text for (text,) in self._con.execute(found).fetchall())
        if 0 < len(values) <= MOST_CODES:
            codes = ", ".join(map(literal, values))
            self._con.execute(f"ALTER TABLE {name} ALTER {texts} TYPE ENUM ({codes})")

    def drop(self, name: str) -> None:
        kind = self._kinds.pop(name, None)
        if kind == _REGISTERED:
            self._con.unregister(name)
        elif kind is not None:
            self._con.execute(f"DROP {kind} {identifier(name)}")

    def fetch(self, sql: str, params: Parameters = None) -> pa.Table:
        return self._con.execute(sql, params).to_arrow_table()

    def reader(self, sql: str, params: Parameters = None) -> pa.RecordBatchReader:
        return self._con.execute(sql, params).to_arrow_reader(BATCH_ROWS)

    def scalar(self, sql: str, params: Parameters = None) -> Any:
        row = self._con.execute(sql, params).fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        self._con.close()
        self._kinds.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def identifier(name: str) -> str:
    """A name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted for the SQL statements that take no parameters (comments, paths of views)."""
    return "'" + text.replace("'", "''") + "'"


def read_parquet(paths: Sequence[Path], *, by_name: bool = False) -> str:
    """The table function over these very files: `as_of=` in a folder's name never becomes a column.

    `by_name` reads files of different ages of one contract: a column absent in some is NULL there.
    """
    files = ", ".join(literal(sql_path(path)) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false, union_by_name = {str(by_name).lower()})"
