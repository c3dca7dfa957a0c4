"""One day's tables, built and gated one after the other, then published as one release.

Knows nothing of Dagster: what happens is told to a `Listener`, so the same code serves the nightly job, a
backfill from the UI and a test.
"""

from __future__ import annotations

import hashlib
import resource
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from assets.accounts import conservation, quality_results, quarantined
from assets.configuration import (
    decisions,
    decisions_but_those_of,
    fit_day,
    previous_month_end,
    suppressions,
)
from assets.contact_rules import blacklist_entries
from assets.context import Context, fingerprint_of, logic_version
from assets.day import Day, train_identity
from assets.days_beside import day_to_fit, links_before
from assets.extra_checks import extra_checks
from assets.fits import Fit, fit_of
from assets.lineage import read_later, referred, tables_read
from assets.mart_inputs import PREPARED
from assets.pinned_identity import pinned_model
from assets.planning import make_planning, planning_of
from assets.refused import refused_secrets
from assets.tables import registered_bi_fields, workspace_tables
from assets.units import Unit
from data_quality.gate import inspect
from data_quality.results import CheckResult
from warehouse.contracts import Table, load_table
from warehouse.errors import NightFailed
from warehouse.publish import Release, publish, referenced_files, release_table
from warehouse.retention import prune
from warehouse.store import Partition


class Listener(Protocol):
    """What a night tells while it runs."""

    def checked(self, table: Table, day: date, result: CheckResult) -> None: ...

    def built(self, table: Table, partition: Partition, facts: dict[str, float]) -> None: ...

    def published(self, release: Release) -> None: ...


class Silent:
    """A listener that does not listen."""

    def checked(self, table: Table, day: date, result: CheckResult) -> None:
        pass

    def built(self, table: Table, partition: Partition, facts: dict[str, float]) -> None:
        pass

    def published(self, release: Release) -> None:
        pass


@dataclass
class Night:
    """The work of one day. `units` are all record units of the workspace, whatever day they arrived."""

    context: Context
    as_of: date
    units: list[Unit]
    listener: Listener = field(default_factory=Silent)
    results: list[tuple[str, CheckResult]] = field(default_factory=list)

    def run(self, selected: Collection[str] | None = None) -> None:
        """Build the selected tables (default: all) in order; GateFailed ends the day before it is shown."""
        tables = workspace_tables(self.context.workspace)
        wanted = [name for name in tables if selected is None or name in selected]
        if self.units and pinned_model(self.context) is None:
            train_identity(self.context, self.units)
        self._require_upstream(wanted)
        if self.context.workspace.keeping and "customer_links" in wanted:
            with Day(self.context, self.as_of, self.units) as day:
                day.keep_anchors()
        previous = self._prepare(wanted)
        stored = frozenset(tables) - frozenset(wanted)
        day = Day(
            self.context, self.as_of, self.units, stored=stored, previous_links=previous, remembers=True
        )
        try:
            for done, name in enumerate(wanted, start=1):
                self._build(day, tables[name])
                day.keep_only(read_later(self.context.workspace, wanted[done:], day.at_hand))
        finally:
            day.close()

    def publish(self) -> Release:
        """Show the newest whole day to readers: a backfill of an older day changes history only."""
        tables = workspace_tables(self.context.workspace)
        warehouse = self.context.workspace.warehouse
        store = self.context.store
        as_of = newest_whole_day(self.context)
        if as_of is None:
            raise NightFailed("no day has all its tables yet", fix="run a whole night")
        shown = [release_table(store, t, as_of) for t in tables.values() if t.zone == "bi"]
        vault = [release_table(store, t, as_of) for t in tables.values() if t.zone == "vault"]
        settings = self.context.workspace.settings
        release = publish(warehouse, shown, as_of, vault=vault, currency=settings.currency)
        prune(
            store,
            tables.values(),
            as_of,
            keep_days=settings.retention_days,
            keep_month_ends=settings.retention_month_ends,
            referenced=referenced_files(warehouse),
        )
        self.listener.published(release)
        return release

    def fingerprint(self) -> str:
        """What this day's tables are made from; a stored table with another one is stale."""
        return day_fingerprint(self.context, self.as_of, self.units)

    def _prepare(self, wanted: list[str]) -> pa.Table | None:
        """Other days' tables this day needs, made before its own engine is open, so that only one is large.

        Returns yesterday's links when the stored ones are missing or stale; fits are left in `models/`.
        """
        if any(name in PREPARED for name in wanted):
            fit = self._fit(self.as_of)
            before = previous_month_end(self.as_of)
            self._fit(before)
            if self.context.workspace.segments:  # the month-end before has one before it too
                self._fit(previous_month_end(before))
            planning_of(self.context, self.as_of, self._day_to_fit, fit)
        if "customer_id_history" not in wanted:
            return None
        yesterday = self.as_of - timedelta(days=1)
        stored = self.context.store.partition(load_table("customer_links"), yesterday)
        known = decisions_but_those_of(self.context, self.as_of)
        if stored is not None and stored.fingerprint == _fingerprint(
            self.context, yesterday, self.units, known
        ):
            return None
        return links_before(self.context, self.as_of, self.units)

    def _require_upstream(self, wanted: list[str]) -> None:
        tables = workspace_tables(self.context.workspace)
        for name in tables_read(self.context.workspace, wanted):
            if self.context.store.partition(tables[name], self.as_of) is None:
                raise NightFailed(
                    f"table {name} has not been made for {self.as_of}",
                    fix="select it as well, or run the whole night for that day",
                )

    def _build(self, day: Day, table: Table) -> None:
        started, cpu = time.monotonic(), time.process_time()
        rows = self._rows(day, table)
        staged = self.context.store.stage(table, self.as_of, day.engine, rows)
        try:
            report = inspect(table, staged.path, self._references(table), extra=extra_checks(day, table))
        except BaseException:
            self.context.store.discard(staged)
            raise
        for result in report.results:
            self.results.append((table.name, result))
            self.listener.checked(table, self.as_of, result)
        if not report.passed:
            self.context.store.discard(staged)
            report.raise_if_failed()
        partition = self.context.store.commit(staged, self.fingerprint())
        day.settle(partition)
        facts = {
            "rows": partition.rows,
            "seconds": round(time.monotonic() - started, 2),
            "cpu_seconds": round(time.process_time() - cpu, 2),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        self.listener.built(table, partition, facts)

    def _rows(self, day: Day, table: Table) -> str | pa.Table:
        """The rows of a table, as a query in the day's engine or as an Arrow table."""
        if table.name == "quality_results":
            return quality_results(self.context, self.as_of, self.results)
        if table.name == "conservation":
            return conservation(day)
        if table.name == "quarantine":
            return quarantined(day)
        if table.name == "refused_secrets":
            return refused_secrets(self.context, self.as_of)
        if table.name in PREPARED:
            prepared = PREPARED[table.name](day, self._fit)
            if prepared is not None:
                return prepared
        day.need(table.name)
        return self._with_registered_fields(day, table)

    def _with_registered_fields(self, day: Day, table: Table) -> str:
        if table.name == "customers":
            extra = registered_bi_fields(self.context.workspace, "contacts")
            if extra:
                columns = ", ".join(f"p.{f.name}" for f in extra)
                profile = "LEFT JOIN customer_profile AS p USING (customer_id)"
                return f"SELECT t.*, {columns} FROM customers AS t {profile}"
        return f"SELECT * FROM {table.name}"

    def _fit(self, as_of: date) -> Fit:
        """The fit that scores a day; other fits are made with it, because its matching is the costly part."""
        return fit_of(self.context, fit_day(self.context, as_of), self._day_to_fit, self._plan)

    def _day_to_fit(self, on: date) -> Day:
        return day_to_fit(self.context, on, self.units)

    def _plan(self, day: Day, fit: Fit) -> None:
        if day.as_of == fit_day(self.context, self.as_of):
            make_planning(self.context, day, fit)

    def _references(self, table: Table) -> dict[str, Path]:
        tables = workspace_tables(self.context.workspace)
        found = {
            name: self.context.store.partition(tables[name], self.as_of)
            for name in referred(table)
            if name in tables
        }
        return {name: partition.path for name, partition in found.items() if partition is not None}


def newest_whole_day(context: Context) -> date | None:
    """The newest day whose tables were all made from the same inputs: what a release may show."""
    tables = workspace_tables(context.workspace)
    for last in reversed(context.store.partitions(tables["quality_results"])):
        parts = [context.store.partition(table, last.as_of) for table in tables.values()]
        if all(part is not None and part.fingerprint == last.fingerprint for part in parts):
            return last.as_of
    return None


def day_fingerprint(context: Context, as_of: date, units: list[Unit]) -> str:
    """Digest of everything a day's tables are made from."""
    return _fingerprint(context, as_of, units, decisions(context, as_of))


def _fingerprint(context: Context, as_of: date, units: list[Unit], decided: pa.Table) -> str:
    workspace = context.workspace
    model = pinned_model(context)
    visible = sorted(
        (u.channel, u.file_seq, u.contract, u.mapping, u.fingerprint) for u in units if u.first_day <= as_of
    )
    return fingerprint_of(
        logic_version(),
        as_of.isoformat(),
        workspace.settings,
        [(c.name, c.trust, c.description) for c in workspace.channels.values()],
        sorted((s.name, s.version) for s in workspace.segments.values()),
        sorted(workspace.keeping.items()),
        visible,
        decided.to_pydict(),
        suppressions(context).to_pydict(),
        blacklist_entries(context, as_of).to_pydict(),
        hashlib.sha256(workspace.secret).hexdigest()[:8],
        None if model is None else model.fingerprint,
        previous_month_end(as_of).isoformat(),
    )
