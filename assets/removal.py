"""What retention by purpose shows no longer, taken out of everything stored, once a month.

    <warehouse>/vault/removing.parquet    0600, while a removal is under way: the records it is about
    <warehouse>/ledger/removals.jsonl     one chained line per removal: its day, and of how many records

The first night of a month does it for its day, so what is stored depends on the days in the ledger alone.
Each step finds for itself what is left to do. What the day shows stays as it is: it showed none of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.context import Context
from assets.day import Day
from assets.forgetting_decisions import forget_in_decisions
from assets.forgetting_names import forget_unborne_names
from assets.records import all_units
from assets.removal_days import remove_from_days
from assets.removal_raw import remove_from_raw
from assets.tables import workspace_tables
from assets.units import Unit
from transforms.records.removal import removed_records_sql
from warehouse.chained_ledger import append_entry, entries
from warehouse.encrypted_files import opened
from warehouse.files import fsync_dir, private_dir
from warehouse.publish import expire
from warehouse.recovery import clean
from warehouse.store import write_parquet

JOURNAL, LEDGER = "removing.parquet", "removals.jsonl"
RECORDS = pa.schema(
    [("record_key", pa.string()), ("expired_through", pa.date32()), ("seen_again_on", pa.date32())]
)
CHECKPOINTS = ("noted", "days", "raw", "records", "names", "matching", "releases", "written")
_AS_OF = "as_of"
Checkpoint = Callable[[str], None]


def remove_expired(
    context: Context, units: list[Unit], as_of: date, checkpoint: Checkpoint = lambda name: None
) -> list[Unit]:
    """Remove what is kept no longer on the newest day, unless its month has done so; the units as they are
    then. For who holds the warehouse's lock, after the day has been published.

    `checkpoint` is called with each name in CHECKPOINTS as that step is done.
    """
    if not context.workspace.keeping or not _is_due(context, as_of):
        return units
    with Day(context, as_of, units) as day:
        day.need("expired_records")
        found = day.engine.fetch(removed_records_sql(day.all_rows))
    rows = pa.RecordBatchReader.from_batches(RECORDS, found.cast(RECORDS).to_batches())
    private_dir(_journal(context).parent)
    write_parquet(_journal(context), rows, RECORDS, metadata={_AS_OF: as_of.isoformat()}, mode=0o600)
    checkpoint("noted")
    return finish_removal(context, checkpoint) or units


def finish_removal(context: Context, checkpoint: Checkpoint = lambda name: None) -> list[Unit] | None:
    """Carry out the removal that was begun, if there is one; the units as they are then. For who holds the
    warehouse's lock."""
    journal = _journal(context)
    if not journal.is_file():
        return None
    removed = pq.read_table(opened(journal))
    as_of = date.fromisoformat(removed.schema.metadata[_AS_OF.encode()].decode())
    if removed.num_rows:
        remove_from_days(context, as_of, removed)
        gone = removed.filter(pc.is_null(removed.column("seen_again_on")))
        forget_in_decisions(context, gone.column("record_key").to_pylist())
    checkpoint("days")
    is_changed = remove_from_raw(context, all_units(context), as_of, removed)
    checkpoint("raw")
    units = all_units(context)
    checkpoint("records")
    if removed.num_rows:
        forget_unborne_names(context, units)
        checkpoint("names")
        shutil.rmtree(context.workspace.warehouse / "vault" / "matching", ignore_errors=True)
        checkpoint("matching")
    if removed.num_rows or is_changed:
        expire(context.workspace.warehouse, keep=1)
        _drop_older(context)
        clean(context.workspace.warehouse, context.workspace.models, context.workspace.decisions)
        checkpoint("releases")
    if _last(context) != as_of:
        entry = {"as_of": as_of.isoformat(), "records": removed.num_rows}
        append_entry(_ledger(context), entry, context.workspace.secret)
    checkpoint("written")
    journal.unlink()
    fsync_dir(journal.parent)
    return units


def _drop_older(context: Context) -> None:
    """Of a table kept in its latest state only, the days that a release still showed."""
    for table in workspace_tables(context.workspace).values():
        if table.zone == "vault" and table.retention == "latest":
            for partition in context.store.partitions(table)[:-1]:
                context.store.drop(partition)


def _is_due(context: Context, as_of: date) -> bool:
    last = _last(context)
    return last is None or last < as_of.replace(day=1)


def _last(context: Context) -> date | None:
    """The day for which a removal was done last."""
    done = entries(_ledger(context), context.workspace.secret)
    return date.fromisoformat(done[-1]["as_of"]) if done else None


def _ledger(context: Context) -> Path:
    return context.workspace.warehouse / "ledger" / LEDGER


def _journal(context: Context) -> Path:
    return context.workspace.warehouse / "vault" / JOURNAL
