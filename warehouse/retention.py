"""How long days are kept: the last days and the last month-ends, counted back from the release's day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path

from warehouse.contracts import Table
from warehouse.store import Partition, Store

KEEP_DAYS = 35
KEEP_MONTH_ENDS = 24


def prune(
    store: Store,
    tables: Iterable[Table],
    as_of: date,
    *,
    keep_days: int = KEEP_DAYS,
    keep_month_ends: int = KEEP_MONTH_ENDS,
    referenced: Collection[Path] = (),
) -> list[Partition]:
    """Remove the partitions that retention no longer covers; those removed are returned.

    `referenced` are the files kept releases name (`publish.referenced_files`); they always stay.
    Tables kept forever stay whole; of tables kept in their latest state only the newest stays.
    """
    month_ends = last_month_ends(as_of, keep_month_ends)
    removed = []
    for table in tables:
        if table.retention == "forever":
            continue
        partitions = store.partitions(table)
        for partition in partitions:
            if table.retention == "latest":
                kept = partition == partitions[-1]
            else:
                kept = partition.as_of > as_of - timedelta(days=keep_days) or partition.as_of in month_ends
            if not kept and partition.path.resolve() not in referenced:
                store.drop(partition)
                removed.append(partition)
    return removed


def last_month_ends(as_of: date, count: int) -> set[date]:
    """The last `count` month-ends on or before a day."""
    day = as_of + timedelta(days=1)
    found = set()
    for _ in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        found.add(day)
    return found
