"""The Dagster home of a workspace: instance settings written by Satu, events kept there."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from assets.dagster_database import NAMED_IN_SETTINGS, POSTGRES, SETTINGS_FILE, named_database, postgres_url
from warehouse.errors import ConfigError
from warehouse.files import write_atomic

KEPT_OPEN = """\
# Written by Satu. With SATU_POSTGRES_URL set, a new file names PostgreSQL instead (docs/production.md).
event_log_storage:
  module: pipelines.event_log
  class: KeptOpenEventLog
"""
IN_POSTGRES = f"""\
# Written by Satu. The address with user and password stays in the environment.
storage:
  postgres:
    postgres_url:
      {NAMED_IN_SETTINGS}
"""
SETTINGS = """\
concurrency:
  runs:
    max_concurrent_runs: 2
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
run_retries:
  enabled: false
  retry_on_asset_or_op_failure: false
retention:
  sensor:
    purge_after_days: {skipped: 1, failure: 30}
telemetry:
  enabled: false
nux:
  enabled: false
"""


def is_prepared(home: Path) -> bool:
    """Whether anything was ever recorded for this workspace."""
    return (home.resolve() / "dagster" / "dagster.yaml").is_file()


def prepare_dagster_home(home: Path) -> Path:
    """`<home>/dagster` with its settings; an existing dagster.yaml is left alone.

    ConfigError where it and the environment name two different storages.
    """
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / SETTINGS_FILE
    url = postgres_url()
    in_postgres = url is not None
    if url is not None:
        os.environ[POSTGRES] = url
    if in_postgres and importlib.util.find_spec("dagster_postgres") is None:
        raise ConfigError(f"{POSTGRES} is set, but its driver is missing", fix="pip install 'satu[postgres]'")
    if not settings.exists():
        write_atomic(settings, ((IN_POSTGRES if in_postgres else KEPT_OPEN) + SETTINGS).encode())
    written = settings.read_text(encoding="utf-8")
    if in_postgres and "KeptOpenEventLog" in written:
        raise ConfigError(
            f"{POSTGRES} is set, but this file keeps events in SQLite", file="dagster/dagster.yaml",
            fix="remove the file; it is written anew, and runs so far stay in the old storage",
        )  # fmt: skip
    named_database(settings)
    return folder


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance whose events the UI of this workspace shows."""
    folder = prepare_dagster_home(home)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["SATU_HOME"] = str(home.resolve())
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        yield instance
