"""Retention: the last days and the last month-ends, counted from the release's day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.warehouse.samples import RFM, engine, rows_of
from warehouse.contracts import Table
from warehouse.contracts.model import Retention
from warehouse.retention import last_month_ends, prune
from warehouse.store import Store

AS_OF = date(2026, 3, 15)


def stored(warehouse: Path, table: Table, days: list[date]) -> Store:
    store = Store(warehouse)
    with engine(warehouse) as duck:
        for day in days:
            store.write_partition(table, day, duck, rows_of(RFM, day, 1), "f1")
    return store


def days_of(store: Store, table: Table) -> list[date]:
    return [partition.as_of for partition in store.partitions(table)]


def test_last_days_and_month_ends_stay(tmp_path: Path) -> None:
    last_kept_day = AS_OF - timedelta(days=34)
    kept = [date(2024, 3, 31), date(2026, 1, 31), last_kept_day, AS_OF]
    gone = [date(2024, 2, 29), date(2026, 1, 30), last_kept_day - timedelta(days=1)]
    store = stored(tmp_path, RFM, kept + gone)
    removed = prune(store, [RFM], AS_OF)
    assert days_of(store, RFM) == kept
    assert [partition.as_of for partition in removed] == sorted(gone)


def test_what_a_kept_release_names_stays(tmp_path: Path) -> None:
    old = date(2026, 1, 2)
    store = stored(tmp_path, RFM, [old, AS_OF])
    partition = store.partition(RFM, old)
    assert partition is not None
    assert prune(store, [RFM], AS_OF, referenced={partition.path.resolve()}) == []


@pytest.mark.parametrize(("retention", "kept"), [("forever", 3), ("latest", 1), ("as_of", 2)])
def test_each_kind_of_retention(tmp_path: Path, retention: Retention, kept: int) -> None:
    table = replace(RFM, retention=retention)
    store = stored(tmp_path, table, [date(2020, 1, 1), AS_OF - timedelta(days=1), AS_OF])
    prune(store, [table], AS_OF)
    assert days_of(store, table)[-1] == AS_OF
    assert len(days_of(store, table)) == kept


def test_days_after_the_releases_day_stay(tmp_path: Path) -> None:
    store = stored(tmp_path, RFM, [AS_OF + timedelta(days=1)])
    assert prune(store, [RFM], AS_OF, keep_days=1, keep_month_ends=0) == []


def test_month_ends_count_back_from_the_day_itself() -> None:
    leap = last_month_ends(date(2024, 2, 29), 2)
    assert leap == {date(2024, 2, 29), date(2024, 1, 31)}
    assert last_month_ends(date(2026, 1, 30), 1) == {date(2025, 12, 31)}
    assert last_month_ends(AS_OF, 0) == set()
