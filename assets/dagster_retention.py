"""Dagster's own storage: what old runs said goes, which days are there stays.

A night tells Dagster of two thousand checks and tables, some 8 MB, whatever the size of the company.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import dagster as dg
import sqlalchemy as db
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable

KEPT = (dg.DagsterEventType.ASSET_MATERIALIZATION.value, dg.DagsterEventType.ASSET_OBSERVATION.value)
RUNS_AT_A_TIME = 500


def forget_old_runs(instance: dg.DagsterInstance, before: datetime) -> int:
    """Remove runs created before a time with their logs and check outcomes; how many went.

    Materialisations stay: by them the catalog knows which days of a table are there.
    """
    storage = instance.event_log_storage
    if not isinstance(storage, SqlEventLogStorage):
        return 0
    old = instance.get_run_records(dg.RunsFilter(created_before=before), limit=RUNS_AT_A_TIME, ascending=True)
    for record in old:
        run_id = record.dagster_run.run_id
        _forget_events(storage, run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.run_storage.delete_run(run_id)
    return len(old)


def _forget_events(storage: SqlEventLogStorage, run_id: str) -> None:
    kind = SqlEventLogStorageTable.c.dagster_event_type
    with storage.index_connection() as connection:
        connection.execute(
            SqlEventLogStorageTable.delete().where(
                SqlEventLogStorageTable.c.run_id == run_id, db.or_(kind.is_(None), kind.not_in(KEPT))
            )
        )
        connection.execute(
            AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id)
        )
    if isinstance(storage, SqliteEventLogStorage):
        log = Path(storage.path_for_shard(run_id))
        for ending in ("", "-wal", "-shm"):
            log.with_name(log.name + ending).unlink(missing_ok=True)
