"""Workspaces of real or small companies, and their nights run the way the product runs them.

Belongs here: making a workspace in a temporary folder out of contracts kept beside a test, putting files into
its landing, running a night in the process, and reading what was published.
Does not belong here: contracts, data and expectations.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.context import Context, open_context
from assets.day import Day
from assets.fits import Fit, fit_of
from assets.night import Night
from assets.records import all_units
from assets.units import Unit
from pipelines.running import bring_in
from warehouse.ledger import Registration
from warehouse.publish import Release
from warehouse.query import query

ROOT = Path(__file__).parents[2]
SECRET = "the same in every test, so that ids are"


def shared_data(name: str) -> Path:
    """A file of the real data, or a skip that says where it was looked for."""
    folder = Path(os.environ.get("SATU_SHARED_DATA") or ROOT.parent / "shared" / "data")
    path = folder / name
    if not path.exists():
        pytest.skip(f"the real data are not here: {path} (set SATU_SHARED_DATA to their folder)")
    return path


def make_workspace(
    home: Path,
    source: Path,
    landing: Mapping[str, Path],
    *,
    edits: Mapping[str, tuple[str, str]] | None = None,
) -> Path:
    """The workspace kept in `source` at `home`, with landing files copied to the places `landing` names.

    `edits` replaces a text in a file of the workspace by another: `{"satu.yaml": ("IDR", "USD")}`.
    """
    shutil.copytree(source, home)
    for name, (before, after) in (edits or {}).items():
        text = (home / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{name} does not hold {before!r} once"
        (home / name).write_text(text.replace(before, after), encoding="utf-8")
    (home / "secret.key").write_text(SECRET, encoding="utf-8")
    for place, path in landing.items():
        target = home / "landing" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return home


@dataclass(frozen=True)
class NightDone:
    """A workspace after a night, and what it shows."""

    context: Context
    as_of: date
    units: list[Unit]
    registration: Registration
    night: Night
    release: Release

    @property
    def home(self) -> Path:
        return self.context.workspace.home

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT over the release and, as `vault.<table>`, over its vault."""
        return read(self.home, sql).to_pylist()

    def value(self, sql: str) -> Any:
        """The one value of a SELECT."""
        (row,) = self.rows(sql)
        (found,) = row.values()
        return found

    def column(self, sql: str) -> list[Any]:
        """The one column of a SELECT."""
        (column,) = read(self.home, sql).to_pydict().values()
        return column

    def day(self) -> Day:
        """The tables of the night once more, the unpublished ones included. The caller closes it."""
        return Day(self.context, self.as_of, self.units)


def read(home: Path, sql: str) -> pa.Table:
    """The rows of a SELECT over what a workspace has published."""
    return query(home / "warehouse", sql, vault=True)


def run_night(home: Path, as_of: date) -> NightDone:
    """Landing → release for one day, in this process and without Dagster."""
    context = open_context(home)
    assert not context.workspace.problems, context.workspace.problems
    registration = bring_in(context, lambda text: None)
    units = all_units(context)
    night = Night(context, as_of, units)
    night.run()
    return NightDone(context, as_of, units, registration, night, night.publish())


def fit_on(home: Path, fit_day: date) -> Fit:
    """The fit of a day, from the event log alone: landing → order days → parameters, no table is stored."""
    context = open_context(home)
    assert not context.workspace.problems, context.workspace.problems
    bring_in(context, lambda text: None)
    units = all_units(context)
    return fit_of(context, fit_day, lambda day: Day(context, day, units))


def at_origin(fit: Fit, model: str, cutoff: date, horizon_days: int) -> dict[str, Any]:
    """The back-test of a model or a rule at one origin: value by metric, baseline by `metric_baseline`."""
    rows = [
        row
        for row in fit.quality
        if (row["model"], row["cutoff"], row["horizon_days"]) == (model, cutoff.isoformat(), horizon_days)
        and row["metric"].startswith("backtest_")
    ]
    values = {row["metric"].removeprefix("backtest_"): row["value"] for row in rows}
    return values | {f"{row['metric'].removeprefix('backtest_')}_baseline": row["baseline"] for row in rows}


def assert_every_row_is_accounted_for(done: NightDone) -> None:
    """received = accepted + filtered + quarantined + duplicates + suppressed + expired for every file and mapping."""
    rows = done.rows("SELECT * FROM conservation")
    assert rows
    for row in rows:
        parts = ("accepted", "filtered", "quarantined", "duplicates", "suppressed", "expired")
        assert row["received"] == sum(row[part] for part in parts), row


def accounts(done: NightDone, channel: str) -> list[dict[str, int]]:
    """What became of the rows of a channel, one entry per file and mapping, zeros left out."""
    rows = done.rows(
        "SELECT received, accepted, filtered, quarantined, duplicates, suppressed, expired FROM conservation"
        f" WHERE channel = '{channel}' ORDER BY file_seq, contract"
    )
    return [{name: count for name, count in row.items() if count} for row in rows]
