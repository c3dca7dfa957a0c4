"""The tables in a file, as DuckDB can select from them: Parquet, DuckDB, Arrow, spreadsheets."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine as calamine

from data_quality.parquet import identifier, literal, read_parquet

SqlTable = tuple[str, str]
"""The name of a table and what to write after FROM."""


def table_tables(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[SqlTable]:
    """The tables of a Parquet, Arrow or spreadsheet file; nothing for other files."""
    with path.open("rb") as file:
        head = file.read(8)
    if head[:4] == b"PAR1":
        yield name, read_parquet(path)
        yield from _parquet_parts(con, path, name)
    elif head[:6] == b"ARROW1":
        con.register("arrow", pa.ipc.open_file(pa.memory_map(str(path))).read_all())
        yield name, "arrow"
    elif head[:4] == b"PK\x03\x04" and _is_workbook(path):
        yield from _sheets(con, path, name)


def is_duckdb(path: Path) -> bool:
    """Whether the file is a DuckDB database."""
    with path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def duckdb_tables(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[SqlTable]:
    """The tables of a DuckDB file and what its catalogue says."""
    con.execute(f"ATTACH {literal(str(path))} AS searched (READ_ONLY)")
    for schema, table in con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'searched' ORDER BY ALL"
    ).fetchall():
        yield f"{schema}.{table}", f"searched.{identifier(schema)}.{identifier(table)}"
    yield (
        "catalogue",
        "(SELECT comment, sql FROM duckdb_tables() UNION ALL SELECT comment, sql FROM duckdb_views()"
        " UNION ALL SELECT comment, column_default FROM duckdb_columns()) AS catalogue",
    )


def _parquet_parts(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[SqlTable]:
    """What a Parquet file says beside its values: bounds of columns, words of dictionaries, its footer."""
    yield (
        f"{name} statistics",
        "(SELECT stats_min, stats_max, stats_min_value, stats_max_value"
        f" FROM parquet_metadata({literal(str(path))})) AS bounds",
    )
    file = pq.ParquetFile(path)
    con.register("footer", _footer(file))
    yield f"{name} footer", "footer"
    worded = _worded(file)
    if worded:
        reader = pq.ParquetFile(path, read_dictionary=worded)
        for group in range(reader.num_row_groups):
            table = reader.read_row_group(group, columns=worded)
            chunks = [chunk for column in table.columns for chunk in column.chunks]
            words = [c.dictionary.cast(pa.string()) for c in chunks if isinstance(c, pa.DictionaryArray)]
            con.register("words", pa.table({"word": pa.chunked_array(words, pa.string())}))
            yield f"{name} dictionary", "words"


def _worded(file: pq.ParquetFile) -> list[str]:
    """The columns of text in the file's first level that have a dictionary."""
    if file.metadata.num_row_groups == 0:
        return []
    group = file.metadata.row_group(0)
    found = [group.column(number) for number in range(group.num_columns)]
    return [
        c.path_in_schema
        for c in found
        if c.has_dictionary_page and c.physical_type == "BYTE_ARRAY" and c.path_in_schema in file.schema.names
    ]


def _footer(file: pq.ParquetFile) -> pa.Table:
    schema = file.schema_arrow
    notes: dict[bytes, bytes] = dict(file.metadata.metadata or {}) | dict(schema.metadata or {})
    for field in schema:
        notes |= {field.name.encode(): b""} | dict(field.metadata or {})
    said = [[*pair] for pair in notes.items()] + [[str(file.metadata.created_by).encode(), b""]]
    texts = [b"=".join(pair).decode("utf-8", errors="replace") for pair in said]
    return pa.table({"note": pa.array(texts, pa.string())})


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(member.startswith("xl/") for member in archive.namelist())


def _sheets(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Iterator[SqlTable]:
    """Cells of every sheet as they are read, a row as one list: text split over runs is whole again."""
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError:
        return
    for sheet in book.sheet_names:
        rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python()
        lines = [json.dumps([str(cell) for cell in row], ensure_ascii=False) for row in rows]
        con.register("sheet", pa.table({"row": pa.array(lines, pa.string())}))
        yield f"{name} sheet", "sheet"
