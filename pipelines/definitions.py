"""Dagster definitions of the workspace named by SATU_HOME."""

from __future__ import annotations

from datetime import date, datetime

import dagster as dg

from assets.bronze import stored_raw
from assets.context import Context
from assets.dagster_processes import end_cut_off_runs
from assets.graph import build_assets
from pipelines.progress import progress_logger
from pipelines.proven_erasing import finish_proven
from pipelines.sensors import alert_sensors
from warehouse.operations import day_of_night
from warehouse.workspace import Workspace, home_from_environment, load_workspace

JOB = "nightly"


def build_definitions(workspace: Workspace) -> dg.Definitions:
    """Assets, the nightly job and its schedule, on one in-process executor."""
    partitions = partitions_of(workspace)
    assets = build_assets(workspace, partitions, finish_proven)
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="Everything from landing to the release of the day.",
    )
    return dg.Definitions(
        assets=assets,
        jobs=[job],
        schedules=[_every_morning(workspace)],
        sensors=alert_sensors(workspace),
        executor=dg.in_process_executor,
        loggers={"console": progress_logger},
    )


def _every_morning(workspace: Workspace) -> dg.ScheduleDefinition:
    """The night of the day before: files that came before the arrival cut-off belong to it."""
    at = workspace.settings.operations.night_at

    @dg.schedule(
        name=f"{JOB}_schedule",
        job_name=JOB,
        cron_schedule=f"{at.minute} {at.hour} * * *",
        execution_timezone=workspace.settings.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every morning after the arrival cut-off, the tables of the day before.",
    )
    def every_morning(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        end_cut_off_runs(context.instance)
        day = day_of_night(context.scheduled_execution_time.astimezone(workspace.settings.zone))
        if day < history_start(workspace):
            return dg.SkipReason(f"{day} lies before the start of history")
        return dg.RunRequest(run_key=day.isoformat(), partition_key=day.isoformat())

    return every_morning


def partitions_of(workspace: Workspace) -> dg.DailyPartitionsDefinition:
    """One partition per day in the company's zone, from the start of history to today."""
    return dg.DailyPartitionsDefinition(
        start_date=history_start(workspace).isoformat(), timezone=workspace.settings.timezone, end_offset=1
    )


def history_start(workspace: Workspace) -> date:
    """The first partition: as configured, else the earliest arrival known, else today."""
    if workspace.settings.history_start is not None:
        return workspace.settings.history_start
    context = Context(workspace)
    days = [
        raw.min_arrived
        for channel in workspace.channels.values()
        for raw in stored_raw(context, channel)
        if raw.min_arrived is not None
    ]
    return min(days, default=datetime.now(workspace.settings.zone).date())


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster's own processes load."""
    return build_definitions(load_workspace(home_from_environment()))
