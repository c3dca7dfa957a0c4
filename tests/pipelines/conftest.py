"""Nights in these tests run their gate as plain SQL; Dagster's event log is not synced to disk. A shop for stewards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.pipelines.clubs import club_in
from tests.pipelines.steward import DAY, shop_in
from tests.support.nights import copied, customers_of, environment_put_back, gate_in_sql


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


@pytest.fixture(autouse=True)
def _environment_put_back() -> Iterator[None]:
    """Opening Dagster's instance names its folder in the environment."""
    with environment_put_back():
        yield


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company of steward.py after a night, to look at."""
    return shop_in(tmp_path_factory.mktemp("steward") / "shop")


@pytest.fixture(scope="module")
def ids(shop: Path) -> dict[str, int]:
    """Its customers by record."""
    return customers_of(shop, DAY)


@pytest.fixture
def own_shop(shop: Path, tmp_path: Path) -> Path:
    """A copy to decide in."""
    return copied(shop, tmp_path / "shop")


@pytest.fixture(scope="session")
def made_club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The club of clubs.py after a night, to be copied."""
    return club_in(tmp_path_factory.mktemp("clubs") / "club")


@pytest.fixture
def club(made_club: Path, tmp_path: Path) -> Path:
    """A copy of the club, with ledgers of its own."""
    return copied(made_club, tmp_path / "club")
