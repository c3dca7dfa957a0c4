"""The right to be forgotten: what erasing persons did, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipelines.subject import Subject


@dataclass(frozen=True)
class FileChange:
    """A file of the workspace that named an erased person: its rows and keyed hash before and after.

    `path` is relative to the workspace, `kind` the sort of file (`raw`, `records`, `quarantine`, `partition`,
    `decisions`, `model`, `matching`, `release`, `export`, `log`). A file that is gone holds no rows and no
    hash after; one that is made in its place has its own path.
    """

    path: str
    kind: str
    rows_before: int
    rows_after: int
    hash_before: str
    hash_after: str | None


@dataclass(frozen=True)
class Erased:
    """One erasure: whom it was about, what it changed, the entry of the ledger it closed with.

    `as_of` is the day of the release that the events `erased` stand on. Releases are None in a warehouse that
    never published.
    """

    subjects: tuple[Subject, ...]
    as_of: date
    files: tuple[FileChange, ...]
    suppressions: int
    ledger_hash: str
    release_before: int | None
    release_after: int | None
