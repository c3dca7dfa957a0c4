"""Nights in these tests run their gate as plain SQL; Dagster's event log is not synced to disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.support.nights import gate_in_sql


@pytest.fixture(scope="module", autouse=True)
def _quick_gate() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def _quick_event_log() -> Iterator[None]:
    event.listen(Engine, "connect", _without_syncing)
    yield
    event.remove(Engine, "connect", _without_syncing)


def _without_syncing(connection: object, _record: object) -> None:
    """A night writes some 800 events one by one; their safety on power cuts is not what is tested here."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous = OFF")
