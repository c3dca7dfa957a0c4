"""Search files for given identifiers, as the proof that they are nowhere in them.

Content is decoded before it is searched: Parquet (values, dictionaries, statistics, footer), DuckDB, SQLite,
Arrow and spreadsheets are read as tables, archives and compressed files are unpacked; every file is searched
as raw bytes too. Memory does not grow with the size of a file. What is found is reported by place, count and
the positions of the needles, never by value.
"""

from __future__ import annotations

import lzma
import os
import sqlite3
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, Protocol, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from data_quality.decoded import SqlTable, duckdb_tables, is_duckdb, is_parquet, other_tables, parquet_tables
from data_quality.needles import Needle, Texts, TextSearch, needles_of
from data_quality.packed import is_packed, unpacked
from data_quality.parquet import connect
from data_quality.sqlite_search import is_sqlite, search_sqlite
from data_quality.table_search import TableSearch
from warehouse.encrypted_files import binary, opened

BLOCK_BYTES = 4 << 20
LONGEST_LINE_BYTES = 1 << 20
OVERLAP_BYTES = 4096
DEEPEST_ARCHIVE = 8
FILES_TOGETHER = 200
BYTES_TOGETHER = 16 << 20
FILE_NAME = "file name"
UNDECODED = "could not be decoded"
"""The place of a finding that says nothing is proven about a file but for its raw bytes."""
UNDECODABLE = (
    OSError, EOFError, RuntimeError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
    tarfile.TarError, duckdb.Error, pa.ArrowException, sqlite3.Error,
)  # fmt: skip
_NOTHING: frozenset[int] = frozenset()

T = TypeVar("T", bound=Texts)


class Tables(Protocol):
    """Finds in tables, for each cell or row that holds something: file, place after its name, and which."""

    def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[Path, str, frozenset[int]]]: ...


TableSearchOf = Callable[[duckdb.DuckDBPyConnection, T], Tables]


@dataclass(frozen=True)
class Leak:
    """In this place of this file, so many cells, rows or lines hold what was looked for.

    `needles` are the positions of what was found among what was looked for.
    """

    path: Path
    place: str
    count: int
    needles: frozenset[int] = _NOTHING


def scan_for_values(paths: Path | Iterable[Path], values: Collection[str]) -> list[Leak]:
    """Where any of the values occurs in these files and folders. Empty values are refused."""
    return scan(paths, needles_of(values))


def scan(paths: Path | Iterable[Path], needles: Sequence[Needle]) -> list[Leak]:
    """Where any of the needles occurs in these files and folders, by file and place."""
    if not needles:
        raise ValueError("give at least one value to search for, none of them empty")
    return search(paths, TextSearch(needles), TableSearch)


def search(paths: Path | Iterable[Path], texts: T, tables: TableSearchOf[T]) -> list[Leak]:
    """Where what `texts` looks for occurs, by file and place; `tables` says how tables are looked through.

    A file that goes away meanwhile holds nothing; what lies under a new name then is looked through as well.
    """
    roots = [paths] if isinstance(paths, Path) else list(paths)
    for root in roots:
        if not root.exists():
            raise FileNotFoundError(f"{root} does not exist, so nothing can be proven about it")
    counts: Counter[tuple[Path, str]] = Counter()
    found: dict[tuple[Path, str], set[int]] = {}
    searched: set[Path] = set()
    looking = _Search(texts, tables)
    while waiting := [path for path in _files(roots) if path not in searched]:
        for leak in looking.files(waiting):
            counts[leak.path, leak.place] += leak.count
            found.setdefault((leak.path, leak.place), set()).update(leak.needles)
        searched.update(waiting)
        if all(path.exists() for path in waiting):
            break
    leaks = [Leak(*at, count, frozenset(found[at])) for at, count in counts.items()]
    return sorted(leaks, key=lambda leak: leak.path)


def missed(needles: Sequence[Needle], leaks: Iterable[Leak]) -> list[int]:
    """The positions of the stated needles that were found nowhere."""
    found = _NOTHING.union(*(leak.needles for leak in leaks))
    return [position for position, n in enumerate(needles) if n.is_stated and position not in found]


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        below = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
        found = sorted(below) if root.is_dir() else [root]
        yield from dict.fromkeys(path.resolve() for path in found if path.is_file())


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether a file is of a kind; one that is gone by now is of none."""
    try:
        return kind(path)
    except FileNotFoundError:
        return False


def _undecoded(path: Path) -> Iterator[Leak]:
    """The finding of a file that cannot be decoded, unless it is gone by now."""
    if path.exists():
        yield Leak(path, UNDECODED, 1)


class _Search(Generic[T]):
    """The needles made ready, and the files they are looked for in."""

    def __init__(self, texts: T, tables: TableSearchOf[T]) -> None:
        self._texts = texts
        self._con = connect()
        self._in = tables
        self._tables = tables(self._con, texts)

    def files(self, paths: Sequence[Path]) -> Iterator[Leak]:
        """Every place that holds something, one by one, and the files that cannot be decoded."""
        yield from self._inside(paths, 0)
        for path in paths:
            named = self._texts.found_in(str(path))
            if named:
                yield Leak(path, FILE_NAME, 1, named)

    def _inside(self, paths: Sequence[Path], depth: int) -> Iterator[Leak]:
        yield from self._parquet([path for path in paths if _is(is_parquet, path)])
        for path in paths:
            try:
                yield from self._decoded(path, depth)
            except UNDECODABLE:
                yield from _undecoded(path)
        yield from self._bytes(paths)

    def _parquet(self, paths: Sequence[Path]) -> Iterator[Leak]:
        """Files of one schema are searched together: a query for each would cost more than the search."""
        alike: dict[str, list[tuple[pq.ParquetFile, Path]]] = {}
        for path in paths:
            try:
                file = pq.ParquetFile(opened(path))
                alike.setdefault(str(file.schema_arrow.remove_metadata()), []).append((file, path))
            except UNDECODABLE:
                yield from _undecoded(path)
        for group in alike.values():
            for start in range(0, len(group), FILES_TOGETHER):
                yield from self._parquet_together(group[start : start + FILES_TOGETHER])

    def _parquet_together(self, pairs: Sequence[tuple[pq.ParquetFile, Path]]) -> Iterator[Leak]:
        try:
            tables = parquet_tables(self._con, pairs)
            found = [
                Leak(path, f"{path.name}{place}", 1, hit)
                for path, place, hit in self._tables.found_in(tables)
            ]
        except UNDECODABLE:
            if len(pairs) == 1:
                yield from _undecoded(pairs[0][1])
            else:
                for pair in pairs:
                    yield from self._parquet_together([pair])
        else:
            yield from found

    def _bytes(self, paths: Sequence[Path]) -> Iterator[Leak]:
        """Lines of the raw bytes, those of many small files looked through together."""
        waiting: list[tuple[Path, bytes]] = []
        size = 0
        for path in paths:
            for block in _blocks(path):
                waiting.append((path, block))
                size += len(block)
                if size >= BYTES_TOGETHER:
                    yield from self._lines(waiting)
                    waiting, size = [], 0
        yield from self._lines(waiting)

    def _lines(self, blocks: Sequence[tuple[Path, bytes]]) -> Iterator[Leak]:
        for position in self._texts.likely_contents([content for _, content in blocks]):
            path, content = blocks[position]
            # In such a file values of many rows lie side by side; its rows were searched as such.
            is_columnar = _is(is_parquet, path) or _is(is_duckdb, path)
            for _, found in self._texts.lines_in(content):
                counted = found - self._texts.together if is_columnar else found
                if counted:
                    yield Leak(path, "bytes", 1, counted)

    def _decoded(self, path: Path, depth: int) -> Iterator[Leak]:
        """What a file other than Parquet holds once it is decoded."""
        for _, place, found in self._tables.found_in(other_tables(self._con, path)):
            yield Leak(path, f"{path.name}{place}", 1, found)
        if is_duckdb(path):
            with connect() as con:
                for _, place, found in self._in(con, self._texts).found_in(duckdb_tables(con, path)):
                    yield Leak(path, place, 1, found)
        if is_sqlite(path):
            for place, found in search_sqlite(path, self._texts):
                yield Leak(path, place, 1, found)
        if is_packed(path):
            yield from self._unpacked(path, depth)

    def _unpacked(self, path: Path, depth: int) -> Iterator[Leak]:
        """What is packed in a file, each part unpacked and searched as a file of its own."""
        if depth == DEEPEST_ARCHIVE:
            yield Leak(path, UNDECODED, 1)
            return
        with TemporaryDirectory(prefix="satu-search-") as folder:
            for kind, part in unpacked(path, Path(folder)):
                for leak in self._inside([part], depth + 1):
                    yield replace(leak, path=path, place=f"{kind}, {leak.place}")


def _blocks(path: Path) -> Iterator[bytes]:
    """The file in blocks that end where lines end; of a line too long for that, blocks that overlap.

    None of a file that is gone by now."""
    kept = b""
    try:
        content = binary(path)
    except FileNotFoundError:
        return
    with content as file:
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
