"""Runs of the nightly job without a daemon, recorded in the same Dagster home as those of the UI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.events import RunFailureReason

from assets.bronze import raw_files
from assets.context import Context
from assets.dagster_processes import end_cut_off_runs
from assets.graph import DAYS_PER_RUN
from assets.records import all_units
from assets.registering import register_landing
from pipelines.definitions import JOB, build_definitions, history_start
from pipelines.instance import open_instance
from pipelines.proven_erasing import writing_after_erasure
from pipelines.sentences import failure_sentences
from warehouse.errors import ConfigError, InputError
from warehouse.interruption import INTERRUPTED
from warehouse.ledger import Registration
from warehouse.publish import current_release
from warehouse.workspace import load_workspace

RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


@dataclass(frozen=True)
class RunOutcome:
    """How a run over some days ended; `problems` are sentences for people."""

    succeeded: bool
    problems: list[str]


def bring_in(context: Context, progress: Callable[[str], None]) -> Registration:
    """Register and read everything in landing, so that the days it belongs to are known."""
    with writing_after_erasure(context):
        registration = register_landing(context)
        for channel in context.workspace.channels.values():
            raw_files(context, channel, progress)
        all_units(context)
    return registration


def latest_arrival(context: Context) -> date:
    """The latest day any accepted record arrived, never after today. InputError when nothing has come yet.

    A clock that stands before the day readers see is refused: it would have an older day built.
    """
    today = datetime.now(context.workspace.settings.zone).date()
    release = current_release(context.workspace.warehouse)
    if release is not None and today < release.as_of - timedelta(days=1):
        raise ConfigError(
            f"the clock says {today}, and readers see {release.as_of} already",
            fix="set the clock of this machine, or name the day with --as-of",
        )
    days = [u.max_arrived for u in all_units(context) if u.max_arrived is not None]
    if not days:
        raise InputError(
            "no usable row has arrived yet",
            fix="put files into landing/ and run `satu check` to see what is read",
        )
    return min(max(days), today)


def run_days(home: Path, first: date, last: date) -> RunOutcome:
    """The nightly job for every day from first to last, each day standing or falling alone.

    KeyboardInterrupt when it was interrupted, whichever signal did it.
    """
    workspace = load_workspace(home)
    start = history_start(workspace)
    today = datetime.now(workspace.settings.zone).date()
    for day in (first, last):
        if not start <= day <= today:
            raise ConfigError(
                f"{day} is outside the days of this workspace ({start} to {today})",
                fix="choose a day in between, or set history_start in satu.yaml",
            )
    if last < first:
        raise ConfigError(f"the range ends before it begins ({first} to {last})", fix="swap the two days")
    with open_instance(home) as instance:
        end_cut_off_runs(instance)
        job = build_definitions(workspace).resolve_job_def(JOB)
        outcomes = [_run(job, instance, *days) for days in _runs_of(first, last)]
    return RunOutcome(
        all(outcome.succeeded for outcome in outcomes), [p for outcome in outcomes for p in outcome.problems]
    )


def _runs_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The range cut as the UI cuts backfills: until it ends, a run holds in memory all it told."""
    while first <= last:
        end = min(last, first + timedelta(days=DAYS_PER_RUN - 1))
        yield first, end
        first = end + timedelta(days=1)


def _run(job: dg.JobDefinition, instance: dg.DagsterInstance, first: date, last: date) -> RunOutcome:
    one_day = first == last
    tags = {} if one_day else {RANGE_START: first.isoformat(), RANGE_END: last.isoformat()}
    result = job.execute_in_process(
        instance=instance,
        raise_on_error=False,
        run_config={"loggers": {"console": {}}},
        partition_key=first.isoformat() if one_day else None,
        tags=tags,
    )
    if any(_is_interruption(event) for event in result.all_events):
        if result.dagster_run.status is not dg.DagsterRunStatus.CANCELED:
            instance.report_run_canceled(result.dagster_run, INTERRUPTED)
        raise KeyboardInterrupt
    return RunOutcome(result.success, failure_sentences(result.all_events))


def _is_interruption(event: dg.DagsterEvent) -> bool:
    """Whether an event says that a signal ended the run, also between two steps."""
    if event.event_type is dg.DagsterEventType.RUN_FAILURE:
        return event.job_failure_data.failure_reason is RunFailureReason.UNEXPECTED_TERMINATION
    return event.event_type is dg.DagsterEventType.RUN_CANCELED
