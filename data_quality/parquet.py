"""Parquet files as DuckDB sees them: the table function over them and their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import duckdb

from warehouse.encrypted_files import is_written_encrypted, make_readable, sql_path

Files = Path | Sequence[Path]
References = Mapping[str, Files]
Settings = dict[str, str | bool | int | float | list[str]]
SPILL = ".spill"
LITTLE = 8 << 20
"""Bytes of Parquet up to which no question needs to spill."""
NO_PROGRESS_BAR = "SET enable_progress_bar = false"  # it would be drawn on stdout, which belongs to results


def identifier(name: str) -> str:
    """A name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text, quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def file_list(files: Files) -> list[Path]:
    """One path or several, as a list that is never empty: an empty day is an empty table, not no file."""
    paths = [files] if isinstance(files, Path) else list(files)
    if not paths:
        raise ValueError("no Parquet file given: an empty table is a file without rows")
    return paths


def read_parquet(files: Files) -> str:
    """The table function over these very files: `as_of=` in a folder's name never becomes a column."""
    paths = ", ".join(literal(sql_path(path)) for path in file_list(files))
    return f"read_parquet([{paths}], hive_partitioning = false)"


def connect(files: Files | None = None) -> duckdb.DuckDBPyConnection:
    """DuckDB in memory for questions about these files."""
    con = duckdb.connect(":memory:", config=settings(files))
    con.execute(NO_PROGRESS_BAR)
    make_readable(con)
    return con


def connection_for(files: Files) -> duckdb.DuckDBPyConnection:
    """What to ask about these files through; opening DuckDB costs more than reading little files."""
    is_little = sum(path.stat().st_size for path in file_list(files)) < LITTLE
    return light_connection() if is_little else connect(files)


def light_connection() -> duckdb.DuckDBPyConnection:
    """A cursor of the one connection of the process, for questions that read little and never spill."""
    make_readable(_connected())
    return _connected().cursor()


@cache
def _connected() -> duckdb.DuckDBPyConnection:
    return connect()


def settings(files: Files | None = None) -> Settings:
    """Settings of a connection: no extension is loaded, no name in SQL is taken for a Python variable.

    What does not fit in memory spills beside the files, where it is as protected as they are.
    """
    spill = "" if files is None else spill_beside(files)
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "temp_directory": spill,
        "max_temp_directory_size": "100GB",
    }


def spill_beside(files: Files) -> str:
    """Where questions about these files may spill: nowhere when they are encrypted."""
    first = file_list(files)[0].resolve()
    return "" if is_written_encrypted(first) else str(first.parent / SPILL)


def columns_of(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Column names and DuckDB types of one file."""
    rows = con.execute(f"DESCRIBE SELECT * FROM {read_parquet(path)}").fetchall()
    return {name: type_name for name, type_name, *_ in rows}


def row_count(con: duckdb.DuckDBPyConnection, files: Files) -> int:
    """Rows of the files, read from their footers."""
    row = con.execute(f"SELECT COUNT(*) FROM {read_parquet(files)}").fetchone()
    return int(row[0]) if row is not None else 0
