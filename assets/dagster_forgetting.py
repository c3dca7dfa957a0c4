"""Dagster's own storage without erased persons.

Nights tell Dagster names of tables, counts and sentences without values. An error of a library that was never
foreseen may quote a value, in the event log or in what a step wrote on its streams.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assets.context import Context
from assets.dagster_database import forget_in_database
from data_quality.leaks import scan
from data_quality.needles import Needle, TextSearch
from data_quality.sqlite_search import delete_rows, is_sqlite
from warehouse.files import write_atomic

COMPUTE_LOGS = frozenset({".out", ".err"})


def forget_in_dagster(context: Context, needles: Sequence[Needle]) -> list[Path]:
    """Take the events out that hold what is looked for, also from PostgreSQL, and empty such logs of steps;
    the files changed."""
    forget_in_database(context, needles)
    home = context.workspace.dagster_home
    if not home.is_dir():
        return []
    found = {_database_of(leak.path) for leak in scan(home, needles)}
    texts = TextSearch(needles)
    changed = []
    for path in sorted(found):
        if path.suffix in COMPUTE_LOGS:
            write_atomic(path, b"", path.stat().st_mode & 0o777)
            changed.append(path)
        elif is_sqlite(path):
            delete_rows(path, texts)
            changed.append(path)
    return changed


def _database_of(path: Path) -> Path:
    """The database a journal of SQLite belongs to; any other file itself."""
    for ending in ("-wal", "-journal"):
        if path.name.endswith(ending):
            return path.with_name(path.name.removesuffix(ending))
    return path
