"""What Dagster's daemon watches: runs that failed, and a night that is not there by its time."""

from __future__ import annotations

from datetime import UTC, datetime

import dagster as dg

from assets.context import open_context
from pipelines.alerts import NIGHT_FAILED, NIGHT_LATE, alert_of, send
from pipelines.last_night import LATE, last_night
from pipelines.sentences import day_of_run, failure_sentences
from warehouse.nights import nights
from warehouse.publish import current_release
from warehouse.workspace import Workspace

LOOK_EVERY_SECONDS = 300
SILENT = "the run ended without saying why; see whether its machine went down"


def alert_sensors(workspace: Workspace) -> list[dg.SensorDefinition]:
    """Both sensors, running from the start; without `alerts` in satu.yaml they tell nobody."""
    return [_failed_runs(workspace), _late_night(workspace)]


def _failed_runs(workspace: Workspace) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        name="alert_when_a_run_fails",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells the people in `alerts` of satu.yaml which day failed and why, without values.",
    )
    def failed_runs(context: dg.RunFailureSensorContext) -> None:
        problems = failure_sentences(context.get_step_failure_events()) or [SILENT]
        alert = alert_of(workspace, NIGHT_FAILED, day_of_run(context.dagster_run), problems)
        for sentence in send(workspace.settings.operations.alerts, alert):
            context.log.error(sentence)

    return failed_runs


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
