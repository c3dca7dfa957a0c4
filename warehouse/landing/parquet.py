"""Parquet: every column as text, `_line` is the row's number in the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.landing.model import LandingTable, ReaderOptions, header_names, nullify

_BATCH_ROWS = 50_000
_LARGEST_WHOLE_DOUBLE = "1e18"
_NESTED = ("STRUCT", "MAP", "UNION")


def read(path: Path, options: ReaderOptions) -> LandingTable:
    """A Parquet file as text columns."""
    with _opened(path) as file:
        names = list(file.schema_arrow.names)
    written = list(options.names) or names
    if len(written) != len(names):
        raise InputError(
            f"options.names holds {len(written)} names but the file has {len(names)} columns",
            file=path,
            fix="name every column, in the file's order",
        )
    return LandingTable(header_names(written, path, None), partial(_rows, path, options))


def _rows(path: Path, options: ReaderOptions, table: LandingTable) -> Iterator[pa.RecordBatch]:
    """Batches of rows, each turned into text by one query."""
    first = 1
    with _opened(path) as file, connect(threads=1) as connection:
        try:
            for batch in file.iter_batches(_BATCH_ROWS, use_threads=False):
                values = _texts(connection, batch)
                lines = pa.array(np.arange(first, first + batch.num_rows), pa.int64())
                first += batch.num_rows
                yield table.batch([nullify(value, options.null_values) for value in values], lines)
        except (duckdb.Error, pa.ArrowException, OSError):
            raise _damaged(path) from None


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        raise _damaged(path) from None
    with file:
        yield file


def _texts(connection: duckdb.DuckDBPyConnection, batch: pa.RecordBatch) -> list[pa.Array]:
    """The columns of a batch as text."""
    places = [f"c{number}" for number in range(batch.num_columns)]
    raw = pa.Table.from_arrays([_readable(column) for column in batch.columns], names=places)
    connection.register("batch", raw)
    kinds = connection.execute("DESCRIBE SELECT * FROM batch").fetchall()
    columns = ", ".join(f"{_as_text(name, kind)} AS {name}" for name, kind, *_ in kinds)
    texts = connection.execute(f"SELECT {columns} FROM batch").to_arrow_table()
    connection.unregister("batch")
    return [column.combine_chunks() for column in texts.columns]


def _readable(column: pa.Array) -> pa.Array:
    """Bytes that are text, as some programs store text, are text."""
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        try:
            return column.cast(pa.string())
        except pa.ArrowInvalid:
            return column
    return column


def _as_text(name: str, kind: str) -> str:
    """SQL for a column's text: whole doubles without `.0`, nested values as JSON, not-a-number as NULL."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) AND abs({name}) < {_LARGEST_WHOLE_DOUBLE}"
        return (
            f"CASE WHEN isnan({name}) THEN NULL WHEN {whole} THEN {name}::BIGINT::VARCHAR "
            f"ELSE {name}::VARCHAR END"
        )
    if kind.endswith("]") or kind.startswith(_NESTED):
        return f"to_json({name})::VARCHAR"
    return f"{name}::VARCHAR"


def _damaged(path: Path) -> InputError:
    return InputError("the Parquet file is damaged or cut off", file=path, fix="deliver the file again")
