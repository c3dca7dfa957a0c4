"""The Dagster home of a workspace: instance settings written by Satu, events kept there.

Dagster writes some 800 events a night, opening and closing its SQLite files for each. Left alone, half of a
small night on a slow disk is waiting for these writes to reach it, so they wait less here.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

SETTINGS = """\
# Written by Satu. For production put `storage: postgres:` here (docs/operations.md).
concurrency:
  runs:
    max_concurrent_runs: 2
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
run_retries:
  enabled: false
  retry_on_asset_or_op_failure: false
telemetry:
  enabled: false
nux:
  enabled: false
"""


def prepare_dagster_home(home: Path) -> Path:
    """`<home>/dagster` with its settings; an existing dagster.yaml is left alone."""
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(SETTINGS, encoding="utf-8")
    return folder


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance whose events the UI of this workspace shows."""
    folder = prepare_dagster_home(home)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["SATU_HOME"] = str(home.resolve())
    with dg.DagsterInstance.from_config(str(folder)) as instance, index_kept_open(folder):
        yield instance


@contextmanager
def index_kept_open(dagster_home: Path) -> Iterator[None]:
    """SQLite copies its journal into a file, and waits for the disk, when the file's last connection closes:
    with one kept open that happens once in a while and not with every event.

    Only the index of events: of a run's own file, the UI watches the changes to show its log as it grows.
    """
    file = dagster_home / "history" / "runs" / "index.db"
    if not file.is_file():  # another storage is set in dagster.yaml
        yield
        return
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # a first read opens the journal
        yield


@event.listens_for(Engine, "connect")
def _wait_less(connection: object, _record: object) -> None:
    """With the journal Dagster chooses (WAL), a power cut can then cost the last events, never the file."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = NORMAL")
