"""Search files for given identifiers, as the proof that none of them left the vault.

Content is decoded before it is searched: Parquet and DuckDB are read as tables, SQLite likewise, compressed
and zipped files are opened, JSON escapes resolved; every file is searched as raw bytes too. Upper and lower
case are the same. What is found is reported by place and count, never by value.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_quality.parquet import connect, identifier, literal, read_parquet

VALUES_PER_PATTERN = 500


@dataclass(frozen=True)
class Leak:
    """In this place of this file, so many cells or texts hold one of the values."""

    path: Path
    place: str
    count: int


def scan_for_values(paths: Path | Iterable[Path], values: Collection[str]) -> list[Leak]:
    """Where any of the values occurs in these files and folders. Empty values are refused."""
    wanted = sorted({value.casefold() for value in values})
    if not wanted or "" in wanted:
        raise ValueError("give at least one value to search for, none of them empty")
    roots = [paths] if isinstance(paths, Path) else list(paths)
    return [leak for path in _files(roots) for leak in _search(path, wanted)]


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"{root} does not exist, so nothing can be proven about it")
        found = sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]
        yield from dict.fromkeys(path.resolve() for path in found)


def _search(path: Path, wanted: Sequence[str]) -> Iterator[Leak]:
    content = path.read_bytes()
    if content[:4] == b"PAR1":
        with connect() as con:
            yield from _tables(con, path, [(path.name, read_parquet(path))], wanted)
    elif content[8:12] == b"DUCK":
        with connect() as con:
            con.execute(f"ATTACH {literal(str(path))} AS searched (READ_ONLY)")
            yield from _tables(con, path, _duckdb_tables(con), wanted)
    elif content.startswith(b"SQLite format 3\0"):
        yield from _sqlite(path, wanted)
    yield from _bytes(path, "bytes", content, wanted)
    if any(value in str(path).casefold() for value in wanted):
        yield Leak(path, "file name", 1)


def _duckdb_tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'searched' ORDER BY ALL"
    ).fetchall()
    found = [(f"{s}.{t}", f"searched.{identifier(s)}.{identifier(t)}") for s, t in rows]
    catalogue = (
        "(SELECT comment, sql FROM duckdb_tables() UNION ALL SELECT comment, sql FROM duckdb_views() "
        "UNION ALL SELECT comment, column_default FROM duckdb_columns()) AS catalogue"
    )
    return [*found, ("catalogue", catalogue)]


def _tables(
    con: duckdb.DuckDBPyConnection, path: Path, tables: Iterable[tuple[str, str]], wanted: Sequence[str]
) -> Iterator[Leak]:
    for table, source in tables:
        columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        for column in columns:
            text = f"lower(CAST({identifier(column)} AS VARCHAR))"
            test = " OR ".join(f"regexp_matches({text}, ?)" for _ in _patterns(wanted))
            row = con.execute(f"SELECT COUNT(*) FROM {source} WHERE {test}", _patterns(wanted)).fetchone()
            if row is not None and row[0]:
                yield Leak(path, f"{table}.{column}", int(row[0]))


def _patterns(wanted: Sequence[str]) -> list[str]:
    """The values as a few regular expressions, short enough for DuckDB's engine."""
    parts = [wanted[i : i + VALUES_PER_PATTERN] for i in range(0, len(wanted), VALUES_PER_PATTERN)]
    return ["|".join(re.sub(r"([^0-9A-Za-z\s\x80-\U0010ffff])", r"\\\1", v) for v in part) for part in parts]


def _sqlite(path: Path, wanted: Sequence[str]) -> Iterator[Leak]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
        tables = [row[0] for row in con.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            hits = sum(
                _hit(_as_text(cell), wanted)
                for row in con.execute(f"SELECT * FROM {identifier(table)}")
                for cell in row
            )
            if hits:
                yield Leak(path, table, hits)


def _bytes(path: Path, place: str, content: bytes, wanted: Sequence[str]) -> Iterator[Leak]:
    """The content as text in the encodings a leak may have, then what is packed inside it."""
    texts = [content.decode("utf-8", errors="replace")]
    if b"\0" in content:
        texts += [content[start:].decode("utf-16-le", errors="replace") for start in (0, 1)]
    hits = sum(_hit(text, wanted) for text in texts)
    if hits:
        yield Leak(path, place, hits)
    elif "\\" in texts[0] and _hit("\n".join(_json_strings(texts[0])), wanted):
        yield Leak(path, f"{place}, JSON text", 1)
    yield from _unpacked(path, place, content, wanted)


def _unpacked(path: Path, place: str, content: bytes, wanted: Sequence[str]) -> Iterator[Leak]:
    if content[:2] == b"\x1f\x8b":
        yield from _bytes(path, f"{place}, gzip", gzip.decompress(content), wanted)
    elif content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _bytes(path, f"{place}, zip", archive.read(name), wanted)


def _json_strings(text: str) -> Iterator[str]:
    """Every string of a JSON document, or of each line that is one."""
    for document in (text, *text.splitlines()):
        try:
            loaded = json.loads(document)
        except ValueError:
            continue
        yield from _strings(loaded)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def _hit(text: str, wanted: Sequence[str]) -> bool:
    folded = text.casefold()
    return any(value in folded for value in wanted)


def _as_text(cell: Any) -> str:
    return cell.decode("utf-8", errors="replace") if isinstance(cell, bytes) else str(cell)
