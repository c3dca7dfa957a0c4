"""Dagster's events reach the disk with few waits, and other processes see them at once."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipelines.event_log import FILES_KEPT_OPEN
from pipelines.instance import open_instance, prepare_dagster_home
from warehouse.errors import ConfigError


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


def test_a_process_with_the_usual_storage_reads_a_run_and_is_told_of_every_event(tmp_path: Path) -> None:
    with open_instance(tmp_path) as instance:
        run = ran_once(instance)
        log = tmp_path / "dagster" / "history" / "runs" / f"{run}.db"
        os.utime(log, (0, 0))
        instance.report_engine_event("went on", run_id=run, job_name="once")
        assert log.stat().st_mtime > 0, "the UI looks at this file to know that there is more to show"
        usual = SqliteEventLogStorage(str(log.parent))
        assert [e.message for e in usual.get_logs_for_run(run)] == [e.message for e in instance.all_logs(run)]
        assert "went on" in usual.get_logs_for_run(run)[-1].message


def test_more_runs_than_files_are_kept_open_for_lose_nothing(tmp_path: Path) -> None:
    with open_instance(tmp_path) as instance:
        runs = [ran_once(instance) for _ in range(FILES_KEPT_OPEN + 2)]
        first = len(instance.all_logs(runs[0]))
        instance.report_engine_event("went on", run_id=runs[0], job_name="once")
        assert len(instance.all_logs(runs[0])) == first + 1
    assert not list(tmp_path.rglob("*.db-wal"))


def ran_once(instance: dg.DagsterInstance) -> str:
    """A run of a job that does nothing."""

    @dg.op
    def nothing() -> None: ...

    @dg.job
    def once() -> None:
        nothing()

    return once.execute_in_process(instance=instance).run_id


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


def test_sqlite_and_postgres_are_never_mixed_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = prepare_dagster_home(tmp_path) / "dagster.yaml"
    assert "KeptOpenEventLog" in settings.read_text()
    monkeypatch.setenv("SATU_POSTGRES_URL", "postgresql://satu@127.0.0.1/satu")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    with pytest.raises(ConfigError, match="this file keeps events in SQLite"):
        prepare_dagster_home(tmp_path)
    settings.unlink()
    prepare_dagster_home(tmp_path)
    assert "KeptOpenEventLog" not in settings.read_text() and "env: SATU_POSTGRES_URL" in settings.read_text()
    monkeypatch.delenv("SATU_POSTGRES_URL")
    with pytest.raises(ConfigError, match="SATU_POSTGRES_URL is not set"):
        prepare_dagster_home(tmp_path)


def test_postgres_without_its_driver_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATU_POSTGRES_URL", "postgresql://satu@127.0.0.1/satu")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"satu\[postgres\]"):
        prepare_dagster_home(tmp_path)
