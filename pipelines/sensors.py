"""What Dagster's daemon watches: runs that failed, nights without a source, and a night that is late."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from assets.context import open_context
from assets.graph import BACKFILL
from assets.pulling import NO_PROBLEM, PULLED
from pipelines.alerts import NIGHT_FAILED, NIGHT_LATE, SOURCE_AWAY, alert_of, send
from pipelines.last_night import LATE, last_night
from pipelines.sentences import day_of_run, failure_sentences
from warehouse.nights import nights
from warehouse.publish import current_release
from warehouse.workspace import Workspace

LOOK_EVERY_SECONDS = 300
SILENT = "the run ended without saying why; see whether its machine went down"


def alert_sensors(workspace: Workspace) -> list[dg.SensorDefinition]:
    """All sensors, running from the start; without `alerts` in satu.yaml they tell nobody."""
    return [_failed_runs(workspace), _nights_without_a_source(workspace), _late_night(workspace)]


def _failed_runs(workspace: Workspace) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="alert_when_a_run_fails",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells the people in `alerts` of satu.yaml which day failed and why, without values.",
    )
    def failed_runs(context: dg.RunFailureSensorContext) -> None:
        problems = failure_sentences(context.get_step_failure_events()) or [SILENT]
        problems += sources_away(context.instance, context.dagster_run)
        alert = alert_of(workspace, NIGHT_FAILED, day_of_run(context.dagster_run), problems)
        for sentence in send(workspace.settings.operations.alerts, alert):
            context.log.error(sentence)

    return failed_runs


def _nights_without_a_source(workspace: Workspace) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        name="alert_when_a_source_is_away",
        run_status=dg.DagsterRunStatus.SUCCESS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells them which sources a good night could not pull, and why, without values.",
    )
    def nights_without_a_source(context: dg.RunStatusSensorContext) -> None:
        if away := sources_away(context.instance, context.dagster_run):
            alert = alert_of(workspace, SOURCE_AWAY, day_of_run(context.dagster_run), away)
            for sentence in send(workspace.settings.operations.alerts, alert):
                context.log.error(sentence)

    return nights_without_a_source


def sources_away(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """Why sources of a night could not be pulled, as the run says at their assets. Backfills pull none."""
    if BACKFILL in run.tags:
        return []
    logged = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    said = [
        entry.asset_materialization.metadata[PULLED].value
        for entry in logged
        if entry.asset_materialization is not None and PULLED in entry.asset_materialization.metadata
    ]
    return [str(problem) for problem in said if problem != NO_PROBLEM]


def _late_night(workspace: Workspace) -> dg.SensorDefinition:
    @dg.sensor(
        name="alert_when_the_night_is_late",
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells them once when a night is not there by `night.due` of satu.yaml.",
    )
    def late_night(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        expected = late_day(workspace, datetime.now(UTC))
        if expected is None or context.cursor == expected:
            return dg.SkipReason("the night is there, or was told to be late")
        found = [f"the night of {expected} is not there although it is past its time"]
        for sentence in send(
            workspace.settings.operations.alerts, alert_of(workspace, NIGHT_LATE, None, found)
        ):
            context.log.error(sentence)
        context.update_cursor(expected)
        return dg.SkipReason(f"the night of {expected} is late")

    return late_night


def late_day(workspace: Workspace, now: datetime) -> str | None:
    """The day whose night is late at `now`."""
    satu, settings = open_context(workspace.home), workspace.settings
    found = last_night(
        nights(satu.workspace.warehouse),
        current_release(satu.workspace.warehouse),
        settings.operations,
        settings.zone,
        settings.retention_days,
        now,
    )
    return found.expected.isoformat() if found.state == LATE else None
