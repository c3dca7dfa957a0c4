"""The DuckDB file of a release: what BI tools open. It holds its data itself, so no path can break it.

main.<table>       the release's day
history.<table>    earlier days: all retained ones of small tables, the last month-ends of the others
_release           one row per table: day, rows, checksum of the Parquet file it was read from
_keys              declared keys and references; there are no physical ones (they quadruple the file)
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.contracts import Column, Table, duckdb_type
from warehouse.encrypted_files import opened
from warehouse.engine import connect, identifier, literal, read_parquet
from warehouse.store import Partition

STORAGE_VERSION = "v1.4.0"
CATALOG = "release"

Hook = Callable[[duckdb.DuckDBPyConnection], object]


@dataclass(frozen=True)
class ReleaseTable:
    """A table as a release shows it: its partition of the day, and those of its history, oldest first."""

    table: Table
    as_of: date
    main: Partition
    history: Sequence[Partition] = ()


def build_file(
    path: Path, tables: Sequence[ReleaseTable], *, seq: int, currency: str, extra: Hook | None = None
) -> None:
    """Write the file from scratch. `extra` may add tables or comments in the catalog `release`."""
    spill = path.with_name(f"{path.name}.spill")
    try:
        with connect(temp_directory=str(spill)) as con:  # insertion order is kept: files are sorted
            con.execute(f"ATTACH {literal(str(path))} AS {CATALOG} (STORAGE_VERSION '{STORAGE_VERSION}')")
            con.execute(f"CREATE SCHEMA {CATALOG}.history")
            for entry in tables:
                _create(con, "main", entry.table, [entry.main], currency)
                if entry.history:
                    _create(con, "history", entry.table, entry.history, currency)
            _create_release(con, tables, seq, currency)
            _create_keys(con, tables)
            if extra is not None:
                extra(con)
            con.execute(f"DETACH {CATALOG}")
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _create(
    con: duckdb.DuckDBPyConnection, schema: str, table: Table, parts: Sequence[Partition], currency: str
) -> None:
    """One table with its comments. Partitions are sorted by key already, so their order is the table's."""
    target = f"{CATALOG}.{schema}.{identifier(table.name)}"
    if schema == "history" and "as_of" not in table.column_names:
        rows = " UNION ALL ".join(_select(table, [part], f"DATE '{part.as_of}' AS as_of, ") for part in parts)
    else:
        rows = _select(table, parts)
    con.execute(f"CREATE TABLE {target} AS {rows}")
    con.execute(f"COMMENT ON TABLE {target} IS {literal(_sentences(table.description.en, table.grain))}")
    for column in table.columns:
        comment = literal(column_comment(column, currency))
        con.execute(f"COMMENT ON COLUMN {target}.{identifier(column.name)} IS {comment}")


def _select(table: Table, parts: Sequence[Partition], first: str = "") -> str:
    """The contract's columns from files that may be older than some of them: those are NULL there."""
    present = {name for part in parts for name in pq.read_schema(opened(part.path)).names}
    columns = ", ".join(
        f"CAST({name if column.name in present else 'NULL'} AS {duckdb_type(column.type)}) AS {name}"
        for column in table.columns
        for name in [identifier(column.name)]
    )
    return f"SELECT {first}{columns} FROM {read_parquet([part.path for part in parts], by_name=True)}"


def column_comment(column: Column, currency: str) -> str:
    """The English description and the unit; `currency` as a unit becomes the company's own."""
    unit = currency if column.unit == "currency" else column.unit
    return _sentences(column.description.en, f"Unit: {unit}" if unit else "")


def _sentences(*parts: str) -> str:
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _create_release(
    con: duckdb.DuckDBPyConnection, tables: Sequence[ReleaseTable], seq: int, currency: str
) -> None:
    """What this file is: a reader can verify every table against the Parquet it came from."""
    rows = pa.table(
        {
            "seq": pa.array([seq] * len(tables), pa.int64()),
            "table": pa.array([entry.table.name for entry in tables], pa.string()),
            "as_of": pa.array([entry.as_of for entry in tables], pa.date32()),
            "rows": pa.array([entry.main.rows for entry in tables], pa.int64()),
            "checksum": pa.array([entry.main.sha256 for entry in tables], pa.string()),
            "currency": pa.array([currency] * len(tables), pa.string()),
            "key_columns": pa.array([", ".join(entry.table.key) for entry in tables], pa.string()),
        }
    )
    _create_metadata(
        con,
        "_release",
        "What this file holds. One row per table.",
        rows,
        {
            "seq": "Number of the release.",
            "table": "Name of the table in schema main.",
            "as_of": "Day the table describes.",
            "rows": "Number of rows in schema main.",
            "checksum": "SHA-256 of the Parquet file the table was read from.",
            "currency": "Currency of all amounts.",
            "key_columns": "Columns that identify a row.",
        },
    )


def _create_keys(con: duckdb.DuckDBPyConnection, tables: Sequence[ReleaseTable]) -> None:
    """Keys and references as data: BI tools can read relationships from it."""
    found: list[tuple[str, str, str, str | None, str | None]] = []
    for entry in tables:
        found.append((entry.table.name, "primary", ", ".join(entry.table.key), None, None))
        for column in entry.table.columns:
            if column.references:
                other, _, other_column = column.references.partition(".")
                found.append((entry.table.name, "reference", column.name, other, other_column or column.name))
    names = ["table", "kind", "columns", "references_table", "references_columns"]
    rows = pa.table({name: pa.array([row[i] for row in found], pa.string()) for i, name in enumerate(names)})
    _create_metadata(
        con,
        "_keys",
        "Declared keys and references. One row per key.",
        rows,
        {
            "table": "Name of the table.",
            "kind": "primary, or reference to another table.",
            "columns": "Columns of the key.",
            "references_table": "Table referred to.",
            "references_columns": "Columns referred to.",
        },
    )


def _create_metadata(
    con: duckdb.DuckDBPyConnection, name: str, comment: str, rows: pa.Table, columns: dict[str, str]
) -> None:
    con.register("_rows", rows)
    target = f"{CATALOG}.main.{identifier(name)}"
    con.execute(f"CREATE TABLE {target} AS FROM _rows")
    con.unregister("_rows")
    con.execute(f"COMMENT ON TABLE {target} IS {literal(comment)}")
    for column, text in columns.items():
        con.execute(f"COMMENT ON COLUMN {target}.{identifier(column)} IS {literal(text)}")
