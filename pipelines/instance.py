"""The Dagster home of a workspace: instance settings written by Satu, events kept there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from warehouse.files import write_atomic

SETTINGS = """\
# Written by Satu. For production put `storage: postgres:` in place of `event_log_storage`.
event_log_storage:
  module: pipelines.event_log
  class: KeptOpenEventLog
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


def is_prepared(home: Path) -> bool:
    """Whether anything was ever recorded for this workspace."""
    return (home.resolve() / "dagster" / "dagster.yaml").is_file()


def prepare_dagster_home(home: Path) -> Path:
    """`<home>/dagster` with its settings; an existing dagster.yaml is left alone."""
    folder = home.resolve() / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        write_atomic(settings, SETTINGS.encode())
    return folder


@contextmanager
def open_instance(home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance whose events the UI of this workspace shows."""
    folder = prepare_dagster_home(home)
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ["SATU_HOME"] = str(home.resolve())
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        yield instance
