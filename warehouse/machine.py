"""What the machine refuses (room, memory, permission) told as one sentence, whoever met it.

The system's own words quote paths and, in DuckDB, whole statements: only their kind is taken from them.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from warehouse.errors import NightFailed

_FULL = (
    "the disk has no room left",
    "the last release stays; make room for the workspace, then run again",
)
_READ_ONLY = (
    "the workspace cannot be written to",
    "the last release stays; see that the disk is not read-only and the folder is yours, then run again",
)
_BROKEN = ("the disk reports an error", "the last release stays; look at the disk before running again")
_MEMORY = (
    "the memory does not suffice",
    "the last release stays; give SATU_MEMORY more or the machine less to do, then run again",
)
_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EIO: _BROKEN,
    errno.ENOMEM: _MEMORY,
}
_BY_WORDS = {os.strerror(number).casefold(): told for number, told in _BY_NUMBER.items()} | {
    "database or disk is full": _FULL,
    "max_temp_directory_size": _FULL,
    "attempt to write a readonly database": _READ_ONLY,
    "unable to open database file": _READ_ONLY,
    "disk i/o error": _BROKEN,
}
_MEMORY_ERRORS = (MemoryError, duckdb.OutOfMemoryException, pa.ArrowMemoryError)
_QUOTING = (duckdb.IOException, duckdb.OutOfMemoryException, pa.ArrowException, sqlite3.Error)


def refusal(error: BaseException) -> NightFailed | None:
    """The sentence for an error that is the machine's, or was raised because of one; else None."""
    told = next((found for cause in _causes(error) if (found := _told(cause)) is not None), None)
    return None if told is None else NightFailed(told[0], fix=told[1])


def _told(error: BaseException) -> tuple[str, str] | None:
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _BY_NUMBER[error.errno]
    if isinstance(error, _QUOTING):
        words = str(error).casefold()
        found = next((told for part, told in _BY_WORDS.items() if part in words), None)
        if found is not None:
            return found
    return _MEMORY if isinstance(error, _MEMORY_ERRORS) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those it was raised from, the outermost first."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
