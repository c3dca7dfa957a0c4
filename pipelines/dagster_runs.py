"""Nights of which only Dagster knows: those that failed before a day was begun, and those cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.dagster_processes import CUT_OFF, PROCESS, UNDER_WAY, is_gone
from pipelines.definitions import JOB
from pipelines.instance import is_prepared, open_instance
from pipelines.sentences import day_of_run, failure_sentences
from warehouse.nights import NightEnd

READ_RUNS = 50


def unnoted_failures(home: Path, noted: Sequence[NightEnd], since: datetime | None) -> list[NightEnd]:
    """Failed or cut-off runs of the nightly job since a time, without those that wrote their end down."""
    if not is_prepared(home):
        return []
    wanted = dg.RunsFilter(
        job_name=JOB, statuses=[dg.DagsterRunStatus.FAILURE, *UNDER_WAY], created_after=since
    )
    with open_instance(home) as instance:
        found = [_end_of(instance, record) for record in instance.get_run_records(wanted, limit=READ_RUNS)]
    return [end for end in found if end is not None and not _is_noted(end, noted)]


def _end_of(instance: dg.DagsterInstance, record: dg.RunRecord) -> NightEnd | None:
    run = record.dagster_run
    began = record.create_timestamp.astimezone(UTC)
    if run.status is dg.DagsterRunStatus.FAILURE:
        ended = began if record.end_time is None else datetime.fromtimestamp(record.end_time, UTC)
        events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
        said = failure_sentences(entry.dagster_event for entry in events) or _cut_off(instance, run.run_id)
        problem = "; ".join(said) or "the run failed; its log in `satu ui`, Runs, says why"
    elif is_gone(run.tags.get(PROCESS)):
        ended, problem = began, CUT_OFF
    else:
        return None
    return NightEnd(day_of_run(run), began, ended, problem=problem)


def _cut_off(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """CUT_OFF of a run that was ended for that."""
    logged = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    return [CUT_OFF] if any(CUT_OFF in (entry.message or "") for entry in logged) else []


def _is_noted(end: NightEnd, noted: Sequence[NightEnd]) -> bool:
    return any(
        other.problem is not None and end.began_at <= other.ended_at <= end.ended_at for other in noted
    )
