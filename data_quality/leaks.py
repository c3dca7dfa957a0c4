"""Search files for given identifiers, as the proof that they are nowhere in them.

Content is decoded before it is searched: Parquet (values, dictionaries, statistics, footer), DuckDB, SQLite,
Arrow and spreadsheets are read as tables, archives and compressed files are unpacked; every file is searched
as raw bytes too. Memory does not grow with the size of a file. What is found is reported by place and count,
never by value.
"""

from __future__ import annotations

import lzma
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from data_quality.decoded import SqlTable, duckdb_tables, is_duckdb, table_tables
from data_quality.needles import Needle, TextSearch, needles_of, sql_patterns
from data_quality.packed import is_packed, unpacked
from data_quality.parquet import connect, identifier
from data_quality.sqlite_search import is_sqlite, search_sqlite

BLOCK_BYTES = 4 << 20
LONGEST_LINE_BYTES = 1 << 20
OVERLAP_BYTES = 4096
DEEPEST_ARCHIVE = 8
UNDECODED = "could not be decoded"
"""The place of a finding that says nothing is proven about a file but for its raw bytes."""
UNDECODABLE = (
    OSError, EOFError, RuntimeError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
    tarfile.TarError, duckdb.Error, pa.ArrowException, sqlite3.Error,
)  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """In this place of this file, so many cells, rows or lines hold what was looked for."""

    path: Path
    place: str
    count: int


def scan_for_values(paths: Path | Iterable[Path], values: Collection[str]) -> list[Leak]:
    """Where any of the values occurs in these files and folders. Empty values are refused."""
    return scan(paths, needles_of(values))


def scan(paths: Path | Iterable[Path], needles: Sequence[Needle]) -> list[Leak]:
    """Where any of the needles occurs in these files and folders, by file and place."""
    if not needles:
        raise ValueError("give at least one value to search for, none of them empty")
    roots = [paths] if isinstance(paths, Path) else list(paths)
    search = _Search(needles)
    found = []
    for path in _files(roots):
        found += [Leak(path, place, count) for place, count in search.file(path, path.name)]
        if search.anything.is_in(str(path)):
            found.append(Leak(path, "file name", 1))
    return found


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"{root} does not exist, so nothing can be proven about it")
        found = sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]
        yield from dict.fromkeys(path.resolve() for path in found)


class _Search:
    """The needles made ready, and the files they are looked for in."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = needles
        self._cells = TextSearch(n for n in needles if len(n.values) == 1)
        self._rows = TextSearch(n for n in needles if len(n.values) > 1)
        self.anything = TextSearch(needles)
        self._tables = _TableSearch(connect(), needles)

    def file(self, path: Path, name: str, depth: int = 0) -> Iterator[tuple[str, int]]:
        """Each place in a file that holds something; one that says so when the file cannot be decoded."""
        try:
            yield from self._tables.found_in(table_tables(self._tables.con, path, name))
            if is_duckdb(path):
                with connect() as con:
                    yield from _TableSearch(con, self._needles).found_in(duckdb_tables(con, path))
            if is_sqlite(path):
                yield from search_sqlite(path, self._cells, self._rows)
            if is_packed(path):
                yield from self._inside(path, depth)
        except UNDECODABLE:
            yield UNDECODED, 1
        lines = sum(self.anything.lines_in(block) for block in _blocks(path))
        if lines:
            yield "bytes", lines

    def _inside(self, path: Path, depth: int) -> Iterator[tuple[str, int]]:
        """What is packed in a file, each part unpacked and searched as a file of its own."""
        if depth == DEEPEST_ARCHIVE:
            yield UNDECODED, 1
            return
        with TemporaryDirectory(prefix="satu-search-") as folder:
            for kind, part in unpacked(path, Path(folder)):
                for place, count in self.file(part, "part", depth + 1):
                    yield f"{kind}, {place}", count


class _TableSearch:
    """The needles as tests in one connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection, needles: Sequence[Needle]) -> None:
        self.con = con
        self._quick, self._exact = (
            (_cell_tests(con, needles, is_exact), _row_tests(con, needles, is_exact))
            for is_exact in (False, True)
        )

    def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[str, int]]:
        """Cells of each column that hold a value, and rows that hold values which count only together."""
        for name, source in tables:
            described = self.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            columns = [row[0] for row in described]
            if not any(_counts(self.con, source, columns, *self._quick)):
                continue
            places = [*(f"{name}.{column}" for column in columns), f"{name}, rows"]
            counts = _counts(self.con, source, columns, *self._exact)
            yield from ((place, n) for place, n in zip(places, counts, strict=True) if n)


def _counts(
    con: duckdb.DuckDBPyConnection, source: str, columns: list[str], in_cells: list[str], in_rows: list[str]
) -> list[int]:
    """The cells of each column that pass a test of cells, then the rows that pass a test of rows."""
    texts = [f"CAST({identifier(column)} AS VARCHAR)" for column in columns]
    tests = [
        *(_any(in_cells, cell) for cell in texts),
        _any(in_rows, f"concat_ws(chr(31), {', '.join(texts)})"),
    ]
    counted = ", ".join(f"COUNT(*) FILTER (WHERE {test})" for test in tests)
    return [int(n) for n in con.execute(f"SELECT {counted} FROM {source}").fetchone() or ()]


def _cell_tests(con: duckdb.DuckDBPyConnection, needles: Sequence[Needle], is_exact: bool) -> list[str]:
    tests = []
    for is_key in (False, True):
        values = [n.values[0] for n in needles if len(n.values) == 1 and n.is_key == is_key]
        tests += [_test(con, pair[is_exact], is_key) for pair in sql_patterns(values, is_key)]
    return tests


def _row_tests(con: duckdb.DuckDBPyConnection, needles: Sequence[Needle], is_exact: bool) -> list[str]:
    tests = []
    for needle in needles:
        if len(needle.values) > 1:
            pairs = [pair for value in needle.values for pair in sql_patterns([value], needle.is_key)]
            tests.append(f"({' AND '.join(_test(con, pair[is_exact], needle.is_key) for pair in pairs)})")
    return tests


def _test(con: duckdb.DuckDBPyConnection, pattern: str, is_key: bool) -> str:
    """A test of `{text}`. The pattern is bound to a variable: no value stands in SQL, it is compiled once."""
    name = f"needle_{con.execute('SELECT COUNT(*) FROM duckdb_variables()').fetchall()[0][0]}"
    con.execute(f"SET VARIABLE {name} = $1", [pattern])
    return f"regexp_matches({'{text}' if is_key else 'lower({text})'}, getvariable('{name}'))"


def _any(tests: Sequence[str], text: str) -> str:
    return " OR ".join(test.replace("{text}", text) for test in tests) or "FALSE"


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where lines end; of a line too long for that, blocks that overlap."""
    kept = b""
    with path.open("rb") as file:
        while part := file.read(BLOCK_BYTES):
            block = kept + part
            end = block.rfind(b"\n") + 1
            if len(block) - end > LONGEST_LINE_BYTES:
                yield block
                kept = block[-OVERLAP_BYTES:]
            else:
                yield block[:end]
                kept = block[end:]
    yield kept
