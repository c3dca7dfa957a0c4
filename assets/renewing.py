"""Stored days once more for those who are left: groups, ranks and accounts, from the day's own rows.

Who is who and what a row says of one person alone stay as they were stored; everything that adds up or ranks
people is made anew from that, so that no old figure less a new one is the person who went. Models and cut
points are those of the day's fit. Nothing is refused here: checks are told again, not enforced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.context import Context
from assets.day import Day
from assets.extra_checks import extra_checks
from assets.forgetting import Rewritten, names_person_sql
from assets.lineage import read_later
from assets.night import Night, day_fingerprint
from assets.tables import workspace_tables
from assets.units import Unit
from data_quality.gate import inspect
from warehouse.contracts import Table
from warehouse.encrypted_files import opened
from warehouse.errors import SatuError
from warehouse.store import Partition, Staged

DEPENDS_ON_OTHERS = frozenset({"customers", "orders", "order_lines", "journey", "pareto", "enrichment_queue"})
"""Tables that name people and say of one what others decide: a place as finely as five share it, a rank."""
FOLDED = {"customers": ("city_code", "age_band", "sex")}
"""Of these tables only these columns: all else a row says stays as it was stored."""
OUTCOMES = "quality_results"


@dataclass
class Renewal(Night):
    """A stored day made anew. `units` are all record units of the workspace, without the person."""

    _aside: dict[str, Staged] = field(default_factory=dict)

    def renew(self) -> list[Rewritten]:
        """Make the day's groups and ranks again under the fingerprint they have; those that changed."""
        tables = workspace_tables(self.context.workspace)
        parts = {name: self.context.store.partition(table, self.as_of) for name, table in tables.items()}
        stored = {name: part for name, part in parts.items() if part is not None}
        kept = frozenset(name for name in stored if not is_made_of_many(tables[name]))
        told = self._told(stored.get(OUTCOMES))
        done = []
        with Day(self.context, self.as_of, self.units, stored=kept) as day:
            try:
                order = list(tables)
                for position, (name, table) in enumerate(tables.items(), start=1):
                    if name in kept:
                        day.need(name)
                        self._tell(day, table, stored[name].path)
                    elif name in stored:
                        done.append(self._again(day, table, stored[name]))
                    elif name in told:
                        self._stage_aside(day, table)
                    day.keep_only(read_later(self.context.workspace, order[position:], day.at_hand | kept))
            finally:
                for staged in self._aside.values():
                    self.context.store.discard(staged)
        return [found for found in done if found.before.sha256 != found.after.sha256]

    def _again(self, day: Day, table: Table, before: Partition) -> Rewritten:
        if table.name in FOLDED:
            self._fold_again(day, table, before)
        staged = self.context.store.stage(table, self.as_of, day.engine, self._rows(day, table))
        if table.name != OUTCOMES:
            self._tell(day, table, staged.path)
        after = self.context.store.commit(staged, before.fingerprint)
        day.settle(after)
        return Rewritten(before, after)

    def _fold_again(self, day: Day, table: Table, before: Partition) -> None:
        day.need(table.name)
        day.engine.attach("as_stored", [before.path])
        folded = ", ".join(f"n.{name} AS {name}" for name in FOLDED[table.name])
        day.engine.materialise(
            table.name,
            f"SELECT s.* REPLACE ({folded}) FROM as_stored AS s"
            f" INNER JOIN {table.name} AS n ON n.customer_id = s.customer_id",
        )

    def _stage_aside(self, day: Day, table: Table) -> None:
        """A table kept in its latest state only: made so that the day's checks can be told again."""
        staged = self.context.store.stage(table, self.as_of, day.engine, self._rows(day, table))
        self._aside[table.name] = staged
        self._tell(day, table, staged.path)

    def _tell(self, day: Day, table: Table, path: Path) -> None:
        extra = extra_checks(day, table)
        report = inspect(table, path, self._references(table), extra=extra, engine="sql")
        self.results += [(table.name, result) for result in report.results]

    def _references(self, table: Table) -> dict[str, Path]:
        return super()._references(table) | {name: staged.path for name, staged in self._aside.items()}

    def _told(self, outcomes: Partition | None) -> set[str]:
        """The tables whose checks the day tells of."""
        if outcomes is None:
            return set()
        return set(pq.read_table(opened(outcomes.path), columns=["table_name"]).column(0).to_pylist())


def is_made_of_many(table: Table) -> bool:
    """Whether rows of a table say something that more than one person decides."""
    return table.name in DEPENDS_ON_OTHERS or names_person_sql(table.column_names) is None


def renew_days(context: Context, units: list[Unit], shown: date) -> list[date]:
    """Make groups and ranks of every kept day anew; the days that have none until they are run again.

    `shown` is the day of the release: where its rows are of another version of Satu, all of it is made anew.
    """
    tables = workspace_tables(context.workspace).values()
    without = []
    for day in context.store.days(tables):
        try:
            Renewal(context, day, units).renew()
        except (duckdb.Error, pa.ArrowException, SatuError):
            if day == shown:
                Night(context, day, units).run()
                continue
            _drop_made_of_many(context, day)
            without.append(day)
    return without


def keep_fresh(context: Context, units: list[Unit], marks: Mapping[date, str]) -> None:
    """Days that held what their inputs gave hold what these give without the people: they are not stale.

    `marks` are the fingerprints of the days before; a day that had another one stays stale.
    """
    for day, mark in marks.items():
        now = day_fingerprint(context, day, units)
        for table in workspace_tables(context.workspace).values():
            partition = context.store.partition(table, day)
            if partition is not None and partition.fingerprint == mark:
                context.store.renew(partition, now)


def _drop_made_of_many(context: Context, day: date) -> None:
    """Old groups beside fewer people would tell of who went; running the day again brings groups back."""
    for table in workspace_tables(context.workspace).values():
        partition = context.store.partition(table, day)
        if partition is not None and is_made_of_many(table):
            context.store.drop(partition)
