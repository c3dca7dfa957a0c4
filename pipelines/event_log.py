"""Dagster's event log in its usual SQLite files, with what it needs for each event kept between events.

A night tells Dagster of some two thousand checks and tables. For each of them the usual storage makes an
engine, compiles every statement anew, opens and closes the files: over half of a small night's CPU time.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy.engine import Connection, Engine

from pipelines.interruption import holding_signals

FILES_KEPT_OPEN = 4


class KeptOpenEventLog(SqliteEventLogStorage):
    """The event log under `$DAGSTER_HOME`; other processes read and write the same files as before."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        self._seen_tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> KeptOpenEventLog:
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with holding_signals(), self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection
            os.utime(self.path_for_shard(shard))  # the UI shows a run's log as its file changes

    def has_table(self, table_name: str) -> bool:
        """Asked with every event of a check. A table that is there stays."""
        if table_name not in self._seen_tables and super().has_table(table_name):
            self._seen_tables.add(table_name)
        return table_name in self._seen_tables

    def dispose(self) -> None:
        super().dispose()
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def _engine(self, shard: str) -> Engine:
        """The engine of a file, kept for the files used last."""
        engine = self._engines.pop(shard, None) or self._new_engine(shard)
        self._engines[shard] = engine
        while len(self._engines) > FILES_KEPT_OPEN:
            self._engines.pop(next(iter(self._engines))).dispose()
        return engine

    def _new_engine(self, shard: str) -> Engine:
        place, wait = self.conn_string_for_shard(shard), {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        engine = db.create_engine(place, connect_args=wait)
        db.event.listen(engine, "connect", _wait_less)
        return engine


def _wait_less(connection: sqlite3.Connection, _record: object) -> None:
    """With the journal Dagster chooses (WAL), a power cut can then cost the last events, never the file."""
    connection.execute("PRAGMA synchronous = NORMAL")
