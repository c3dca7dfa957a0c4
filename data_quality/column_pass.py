"""Columns of Parquet files looked at once, in the order they are written, by several watchers at a time.

Columns that repeat are read as codes of a dictionary: their words are looked at, not their rows. A watcher
proves that something holds, or gives up; it never proves that something is broken.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_quality.parquet import Files, file_list
from warehouse.encrypted_files import opened

MOST_WORDS = 10_000
"""A row group with more words than this in a column is no column of words."""
_BYTES_OF_A_CODE = 4


class Watcher(Protocol):
    """Sees each row group of the columns it names; False ends its watch, unproved."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def see(self, group: pa.Table) -> bool: ...


W = TypeVar("W", bound=Watcher)


class Rising:
    """Whether each row's key lies above that of the row before, which proves every key different."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._last: tuple[Any, ...] = ()

    def see(self, group: pa.Table) -> bool:
        parts = [_whole(group.column(name)) for name in self.columns]
        if any(part.null_count for part in parts):
            return False
        first, last = (tuple(part[at].as_py() for part in parts) for at in (0, -1))
        if self._last and not first > self._last:
            return False
        self._last = last
        return _is_rising([_comparable(part) for part in parts])


class Words:
    """The different words of a column of text."""

    def __init__(self, column: str) -> None:
        self.columns = (column,)
        self.found: set[str] = set()

    def see(self, group: pa.Table) -> bool:
        part = _whole(group.column(self.columns[0]))
        if not pa.types.is_dictionary(part.type) or len(part.dictionary) > MOST_WORDS:
            return False
        self.found.update(part.dictionary.to_pylist())
        return True


class WordsAmong(Words):
    """Whether all words of a column are among these."""

    def __init__(self, column: str, known: Collection[str]) -> None:
        super().__init__(column)
        self._known = frozenset(known)

    def see(self, group: pa.Table) -> bool:
        return super().see(group) and self.found <= self._known


class NumbersAmong:
    """Whether all numbers of a column are among these, which are sorted."""

    def __init__(self, column: str, known: np.ndarray) -> None:
        self.columns = (column,)
        self._known = known

    def see(self, group: pa.Table) -> bool:
        part = _whole(group.column(self.columns[0])).drop_null()
        if not pa.types.is_integer(part.type):
            return False
        numbers = part.to_numpy()
        numbers = numbers[np.append(True, numbers[1:] != numbers[:-1])] if len(numbers) else numbers
        at = np.searchsorted(self._known, numbers)
        return bool(np.all(at < len(self._known)) and np.all(self._known[at] == numbers))


def watch(files: Files, watchers: Sequence[W]) -> list[W]:
    """Show every row group of these files to the watchers; those that have not given up at the end."""
    watching = list(watchers)
    for path in file_list(files):
        columns = list(dict.fromkeys(name for watcher in watching for name in watcher.columns))
        source = opened(path)
        file = pq.ParquetFile(source)
        file = pq.ParquetFile(source, metadata=file.metadata, read_dictionary=_coded(file, columns))
        for number in range(file.num_row_groups):
            columns = list(dict.fromkeys(name for watcher in watching for name in watcher.columns))
            if not columns:
                return []
            group = file.read_row_group(number, columns=columns, use_threads=False)
            watching = [watcher for watcher in watching if not group.num_rows or watcher.see(group)]
    return watching


def _coded(file: pq.ParquetFile, columns: Sequence[str]) -> list[str]:
    """The columns of text whose rows take so little room that their words must repeat."""
    if not file.num_row_groups:
        return []
    first = file.metadata.row_group(0)
    parts = [first.column(number) for number in range(first.num_columns)]
    worded = {
        part.path_in_schema
        for part in parts
        if part.num_values <= MOST_WORDS or part.total_uncompressed_size < _BYTES_OF_A_CODE * part.num_values
    }
    schema = file.schema_arrow
    return [name for name in columns if name in worded and pa.types.is_string(schema.field(name).type)]


def _is_rising(parts: Sequence[pa.Array]) -> bool:
    rising: Any = None
    for part in reversed(parts):
        after, before = part[1:], part[:-1]
        above = pc.greater(after, before)
        rising = above if rising is None else pc.or_(above, pc.and_(pc.equal(after, before), rising))
    return bool(pc.all(rising, min_count=0).as_py())


def _comparable(part: pa.Array) -> pa.Array:
    """Codes of words become the places of the words in their order."""
    if not pa.types.is_dictionary(part.type):
        return part
    return pc.rank(part.dictionary, tiebreaker="dense").take(part.indices)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
