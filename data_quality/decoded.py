"""The tables in files, as DuckDB can select from them: Parquet, DuckDB, Arrow, spreadsheets."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine as calamine

from data_quality.parquet import identifier, literal
from warehouse.encrypted_files import binary, mapped, opened, sql_path

FILE = "_searched_file"
WORDS_TOGETHER = 200_000

ReadFile = tuple[pq.ParquetFile, Path]
"""A Parquet file whose footer was read, and where it is."""


@dataclass(frozen=True)
class SqlTable:
    """What to write after FROM, and what the table is called after its file.

    One over several files says in the column FILE which of them a row is from.
    """

    part: str
    source: str
    path: Path | None = None


def is_parquet(path: Path) -> bool:
    """Whether the file says that it is Parquet."""
    with binary(path) as file:
        return file.read(4) == b"PAR1"


def parquet_tables(con: duckdb.DuckDBPyConnection, files: Sequence[ReadFile]) -> Iterator[SqlTable]:
    """The rows of Parquet files of one schema and what they say beside: bounds, dictionaries, footers."""
    listed = ", ".join(literal(sql_path(path)) for _, path in files)
    yield SqlTable("", f"read_parquet([{listed}], hive_partitioning = false, filename = '{FILE}')")
    bounds = "stats_min, stats_max, stats_min_value, stats_max_value"
    yield SqlTable(
        " statistics", f"(SELECT file_name AS {FILE}, {bounds} FROM parquet_metadata([{listed}])) AS bounds"
    )
    con.register("footers", pa.concat_tables([_footer(file, path) for file, path in files]))
    yield SqlTable(" footer", "footers")
    for words in _dictionaries(files):
        con.register("words", words)
        yield SqlTable(" dictionary", "words")


def other_tables(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[SqlTable]:
    """The tables of an Arrow or spreadsheet file; nothing for other files."""
    with binary(path) as file:
        head = file.read(8)
    if head[:6] == b"ARROW1":
        con.register("arrow", pa.ipc.open_file(mapped(path)).read_all())
        yield SqlTable("", "arrow", path)
    elif head[:4] == b"PK\x03\x04" and _is_workbook(path):
        yield from _sheets(con, path)


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
        yield SqlTable(f"{schema}.{table}", f"searched.{identifier(schema)}.{identifier(table)}", path)
    yield SqlTable(
        "catalogue",
        "(SELECT comment, sql FROM duckdb_tables() UNION ALL SELECT comment, sql FROM duckdb_views()"
        " UNION ALL SELECT comment, column_default FROM duckdb_columns()) AS catalogue",
        path,
    )


def _dictionaries(files: Sequence[ReadFile]) -> Iterator[pa.Table]:
    """The words of every dictionary, also those no row uses, some at a time."""
    waiting: list[pa.Table] = []
    for file, path in files:
        worded = _worded(file)
        reader = pq.ParquetFile(opened(path), read_dictionary=worded or None)
        for group in range(file.num_row_groups if worded else 0):
            columns = reader.read_row_group(group, columns=worded).columns
            chunks = [chunk for column in columns for chunk in column.chunks]
            found = [c.dictionary.cast(pa.string()) for c in chunks if isinstance(c, pa.DictionaryArray)]
            words = pa.chunked_array(found, pa.string())
            waiting.append(pa.table({FILE: pa.repeat(str(path), len(words)), "word": words}))
            if sum(part.num_rows for part in waiting) > WORDS_TOGETHER:
                yield pa.concat_tables(waiting)
                waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


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


def _footer(file: pq.ParquetFile, path: Path) -> pa.Table:
    schema = file.schema_arrow
    notes: dict[bytes, bytes] = dict(file.metadata.metadata or {}) | dict(schema.metadata or {})
    for field in schema:
        notes |= {field.name.encode(): b""} | dict(field.metadata or {})
    said = [[*pair] for pair in notes.items()] + [[str(file.metadata.created_by).encode(), b""]]
    texts = [b"=".join(pair).decode("utf-8", errors="replace") for pair in said]
    return pa.table({FILE: [str(path)] * len(texts), "note": pa.array(texts, pa.string())})


def _is_workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(member.startswith("xl/") for member in archive.namelist())


def _sheets(con: duckdb.DuckDBPyConnection, path: Path) -> Iterator[SqlTable]:
    """Cells of every sheet as they are read, a row as one list: text split over runs is whole again."""
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.CalamineError:
        return
    for sheet in book.sheet_names:
        rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python()
        lines = [json.dumps([str(cell) for cell in row], ensure_ascii=False) for row in rows]
        con.register("sheet", pa.table({"row": pa.array(lines, pa.string())}))
        yield SqlTable(" sheet", "sheet", path)
