"""Dagster's storage in PostgreSQL, where SATU_POSTGRES_URL says so: which database, which tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dagster._core.storage.event_log.schema import SqlEventLogStorageMetadata
from dagster._core.storage.runs.schema import RunStorageSqlMetadata
from dagster._core.storage.schedules.schema import ScheduleStorageSqlMetadata

from assets.context import Context
from data_quality.leaks import Leak
from data_quality.needles import Needle, TextSearch
from data_quality.postgres_search import delete_postgres_rows, search_postgres
from warehouse.errors import ConfigError

POSTGRES = "SATU_POSTGRES_URL"
SETTINGS_FILE = "dagster.yaml"
NAMED_IN_SETTINGS = f"env: {POSTGRES}"
TABLES = frozenset(
    table
    for metadata in (SqlEventLogStorageMetadata, RunStorageSqlMetadata, ScheduleStorageSqlMetadata)
    for table in metadata.tables
)
_DRIVER = "postgresql+psycopg2://"


def postgres_url() -> str | None:
    """The address of the database, for the driver that Dagster's storage is written for: of itself SQLAlchemy
    takes another one. None where it is not set."""
    url = os.environ.get(POSTGRES)
    return url.replace("postgresql://", _DRIVER, 1) if url else None


def search_database(context: Context, needles: Sequence[Needle]) -> list[Leak]:
    """Where Dagster's tables hold what is looked for, told as places of the file that names the database."""
    settings = _settings_of(context)
    url = named_database(settings)
    if url is None:
        return []
    found = search_postgres(url, TABLES, TextSearch(needles))
    return [Leak(settings.resolve(), f"PostgreSQL {place}", 1, held) for place, held in found]


def forget_in_database(context: Context, needles: Sequence[Needle]) -> int:
    """Delete the rows of Dagster's tables that hold what is looked for; how many."""
    url = named_database(_settings_of(context))
    return 0 if url is None else delete_postgres_rows(url, TABLES, TextSearch(needles))


def named_database(settings: Path) -> str | None:
    """The address, where this file of Dagster's settings leaves it to the environment; ConfigError where that
    lacks it."""
    if not settings.is_file() or NAMED_IN_SETTINGS not in settings.read_text(encoding="utf-8"):
        return None
    url = postgres_url()
    if url is None:
        raise ConfigError(
            f"{POSTGRES} is not set", file="dagster/dagster.yaml", fix="set it for this command too"
        )
    return url


def _settings_of(context: Context) -> Path:
    return context.workspace.dagster_home / SETTINGS_FILE
