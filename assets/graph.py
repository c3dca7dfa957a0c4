"""The Dagster assets of one workspace: raw → records → clusters → customers → marts → published.

`raw_<channel>` and `records` catch up with everything registered. The tables of a day are one step that can
be run for any subset of tables and for a range of days: each day stands or falls alone, so a bad day in a
range neither stops nor taints the others.
"""

# Dagster reads the type of `context` at run time, so annotations are not postponed here.
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from assets.bronze import raw_files
from assets.context import Context, open_context
from assets.dagster_events import DagsterListener, check_specs, table_metadata
from assets.dagster_processes import PROCESS, canceling_when_interrupted, sign
from assets.dagster_retention import forget_old_runs
from assets.lineage import RECORDS, table_dependencies
from assets.night import Night
from assets.pulling import NO_PROBLEM, PULLED, pull, pull_problems
from assets.records import all_units
from assets.registering import register_landing
from assets.removal import finish_removal, remove_expired
from assets.tables import workspace_tables
from assets.units import VERDICTS, Unit
from warehouse.errors import SatuError
from warehouse.nights import noting_night
from warehouse.recovery import clean, writing
from warehouse.withheld import sentence_of
from warehouse.workspace import Workspace

RELEASE = "release"
LOCK_SECONDS = 6 * 3600.0
DAYS_PER_RUN = 31
BACKFILL = "dagster/backfill"

Finish = Callable[[Context], None]


def build_assets(
    workspace: Workspace, partitions: dg.DailyPartitionsDefinition, finish: Finish
) -> list[dg.AssetsDefinition]:
    """Every asset of the workspace. `finish` ends an erasure that was cut off, before anything is written."""
    policy = dg.BackfillPolicy.multi_run(DAYS_PER_RUN)
    raw = [_raw_asset(workspace, channel, partitions, policy, finish) for channel in workspace.channels]
    records = _records_asset(workspace, partitions, policy, finish)
    return [*raw, records, _night_assets(workspace, partitions, policy, finish)]


def _raw_asset(
    workspace: Workspace,
    name: str,
    partitions: dg.DailyPartitionsDefinition,
    policy: dg.BackfillPolicy,
    finish: Finish,
) -> dg.AssetsDefinition:
    channel = workspace.channels[name]

    @dg.asset(
        name=f"raw_{name}",
        group_name="raw",
        description=f"{channel.description.en}. Every row as it came, stored once per file content.",
        partitions_def=partitions,
        backfill_policy=policy,
        kinds={"file", "parquet"},
        tags={"zone": "vault"},
        metadata={"trust": channel.trust, "id_space": channel.id_space, "contract": channel.file},
    )
    def raw(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        satu = open_context(workspace.home)
        if channel.source.pull is not None and _is_the_night(context):
            pull(satu, channel, context.log.info, LOCK_SECONDS)
        with _writing(context, satu, finish):
            register_landing(satu)
            files = raw_files(satu, satu.workspace.channels[name], context.log.info)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(f.rows for f in files),
                "files": len(files),
                "unreadable_files": sum(f.error is not None for f in files),
                "rejected_rows": sum(len(f.rejects) for f in files),
                "refused_cells": sum(cells.rows for f in files for cells in f.refused or ()),
            }
            | ({} if channel.source.pull is None else {PULLED: pull_problems(satu).get(name, NO_PROBLEM)})
        )

    return raw


def _is_the_night(context: dg.AssetExecutionContext) -> bool:
    """Whether Dagster began this run for one day. A command has asked the sources before its run, and a
    backfill makes days anew of what is known."""
    return not {PROCESS, BACKFILL} & set(context.run.tags)


def _records_asset(
    workspace: Workspace,
    partitions: dg.DailyPartitionsDefinition,
    policy: dg.BackfillPolicy,
    finish: Finish,
) -> dg.AssetsDefinition:
    @dg.asset(
        name=RECORDS,
        group_name="records",
        description="Rows typed, normalised and checked against the contracts; rejected ones in quarantine.",
        deps=[f"raw_{name}" for name in workspace.channels],
        partitions_def=partitions,
        backfill_policy=policy,
        kinds={"duckdb", "parquet"},
        tags={"zone": "vault"},
    )
    def records(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        satu = open_context(workspace.home)
        with _writing(context, satu, finish):
            units = all_units(satu, context.log.info)
        totals = {verdict: sum(u.counts[verdict] for u in units) for verdict in VERDICTS}
        return dg.MaterializeResult(
            metadata={"dagster/row_count": totals["accepted"], "received": sum(totals.values()), **totals}
        )

    return records


def _night_assets(
    workspace: Workspace,
    partitions: dg.DailyPartitionsDefinition,
    policy: dg.BackfillPolicy,
    finish: Finish,
) -> dg.AssetsDefinition:
    tables = workspace_tables(workspace)
    dependencies = table_dependencies(workspace)
    specs = [
        dg.AssetSpec(
            name,
            deps=sorted(dependencies[name]),
            group_name=table.group,
            description=f"{table.description.en} {table.grain}",
            kinds={"duckdb", "parquet"},
            tags={"zone": table.zone},
            metadata=table_metadata(table),
            partitions_def=partitions,
            skippable=True,
        )
        for name, table in tables.items()
    ]
    specs.append(
        dg.AssetSpec(
            RELEASE,
            deps=["quality_results"],
            group_name="published",
            description="What BI opens: one read-only file of one day, switched in one instant.",
            kinds={"duckdb"},
            partitions_def=partitions,
            skippable=True,
            freshness_policy=_every_night(workspace),
        )
    )

    @dg.multi_asset(
        name="night",
        specs=specs,
        check_specs=check_specs(tables.values()),
        can_subset=True,
        backfill_policy=policy,
    )
    def night(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        selected = {key.to_user_string() for key in context.selected_asset_keys}
        failures: list[str] = []
        satu = open_context(workspace.home)
        with _writing(context, satu, finish):
            clean(satu.workspace.warehouse, satu.workspace.models, satu.workspace.decisions)
            units = all_units(satu, context.log.info)
            for key in context.partition_keys:
                try:
                    units = _one_day(context, satu, units, date.fromisoformat(key), selected)
                except SatuError as problem:
                    failures.append(f"{key}: {problem}")
        if RELEASE in selected:
            _forget_old_runs(context, satu)
        if failures:
            raise dg.Failure(description="; ".join(failures), allow_retries=False)
        yield from ()

    return night


def _every_night(workspace: Workspace) -> dg.FreshnessPolicy:
    """A release between the hours `night` of satu.yaml names; its tables stand or fall with it."""
    begins, due = workspace.settings.operations.night_at, workspace.settings.operations.night_due
    hours = datetime.combine(date.min, due) - datetime.combine(date.min, begins)
    return dg.FreshnessPolicy.cron(
        f"{due.minute} {due.hour} * * *", lower_bound_delta=hours, timezone=workspace.settings.timezone
    )


def _one_day(
    context: dg.AssetExecutionContext, satu: Context, units: list[Unit], day: date, selected: set[str]
) -> list[Unit]:
    """Make the selected tables of a day, and what follows once it is shown; the units as they are then."""
    night = Night(satu, day, units, DagsterListener(context, day))
    wanted = selected - {RELEASE}
    if RELEASE not in selected:
        night.run(wanted)
        return units
    with noting_night(satu.workspace.warehouse, day):
        if wanted:
            night.run(wanted)
        shown = night.publish().as_of
    return remove_expired(satu, units, day) if shown == day else units


def _forget_old_runs(context: dg.AssetExecutionContext, satu: Context) -> None:
    """Dagster's memory is as long as that of days; a night does not fail for it."""
    before = datetime.now(UTC) - timedelta(days=satu.workspace.settings.retention_days)
    try:
        forget_old_runs(context.instance, before)
    except Exception as error:
        context.log.warning(f"old runs stay in Dagster's storage: {sentence_of(error)}")


@contextmanager
def _writing(context: dg.AssetExecutionContext, satu: Context, finish: Finish) -> Iterator[None]:
    """The warehouse for this step alone, after an erasure or removal that was cut off has been finished."""
    sign(context)
    with canceling_when_interrupted(context), writing(satu.workspace.warehouse, LOCK_SECONDS):
        finish(satu)
        finish_removal(satu)
        yield
