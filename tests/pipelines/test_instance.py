"""Dagster's events reach the disk with few waits, and other processes see them at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from pipelines.instance import open_instance


@pytest.fixture(autouse=True)
def _environment_put_back() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def events_in(index: Path) -> int:
    with closing(sqlite3.connect(index)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM event_logs").fetchone()
    return int(count)


def test_events_stay_in_the_journal_while_the_instance_is_open_and_everybody_reads_them(
    tmp_path: Path,
) -> None:
    index = tmp_path / "dagster" / "history" / "runs" / "index.db"
    journal = index.with_name("index.db-wal")
    with open_instance(tmp_path) as instance:
        for day in ("2026-01-05", "2026-01-06"):
            instance.report_runless_asset_event(dg.AssetMaterialization("rfm", partition=day))
        assert journal.stat().st_size > 0
        assert events_in(index) == 2
    assert not journal.exists()
    with open_instance(tmp_path) as again:
        assert again.get_materialized_partitions(dg.AssetKey("rfm")) == {"2026-01-05", "2026-01-06"}


def test_another_storage_than_sqlite_is_left_alone(tmp_path: Path) -> None:
    settings = tmp_path / "dagster" / "dagster.yaml"
    settings.parent.mkdir()
    settings.write_text(
        "event_log_storage:\n"
        "  module: dagster._core.storage.event_log\n"
        "  class: ConsolidatedSqliteEventLogStorage\n"
        f"  config: {{base_dir: {tmp_path / 'events'}}}\n",
        encoding="utf-8",
    )
    with open_instance(tmp_path) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization("rfm"))
        assert instance.get_latest_materialization_event(dg.AssetKey("rfm"))
