"""What a night tells of itself: rows in and out, what waits in quarantine, what the checks said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.context import Context
from assets.day import Day
from assets.tables import workspace_tables
from assets.units import Unit
from data_quality.results import CheckResult
from warehouse.contracts import arrow_schema, load_table
from warehouse.encrypted_files import opened

MOSTLY_ACCEPTED_SHARE, MOSTLY_ACCEPTED_FROM_ROWS = 0.5, 20


def mostly_accepted(units: list[Unit], as_of: date, replaced: Collection[tuple[str, int]]) -> CheckResult:
    """A day whose deliveries are mostly broken rows must not be published.

    Looks at the files of that very day with at least 20 rows, so that the next day can pass. Files that could
    not be read or mapped at all are in quarantine as a whole and named in the summary; they do not count, nor
    do contents (channel, file_seq) that were `replaced`: a day passes once its file has come again corrected.
    """
    judged = [
        u
        for u in units
        if u.file_day == as_of
        and u.problem is None
        and u.received >= MOSTLY_ACCEPTED_FROM_ROWS
        and (u.channel, u.file_seq) not in replaced
    ]
    broken = [u for u in judged if u.counts["quarantined"] > MOSTLY_ACCEPTED_SHARE * u.received]
    return CheckResult("mostly_accepted", not broken, len(judged), len(broken), "error", "sql")


def conservation(day: Day) -> pa.Table:
    """Rows received of every file that had come, and where they went."""
    gone = _expired_rows(day)
    columns: dict[str, list[object]] = {name: [] for name in load_table("conservation").column_names}
    for unit in _visible(day.units, day.as_of):
        expired = gone.get((unit.channel, unit.contract, unit.file_seq, unit.mapping), 0)
        values = (
            unit.channel,
            unit.file_seq,
            unit.file_day,
            f"{unit.contract}.{unit.mapping}",
            unit.received,
        )
        counts = (unit.counts[k] for k in ("filtered", "quarantined", "duplicate", "suppressed"))
        removed = unit.counts["expired"]
        row = (*values, unit.counts["accepted"] - expired, *counts, expired + removed)
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return pa.table(columns)


def _expired_rows(day: Day) -> dict[tuple[str, str, int, int], int]:
    """By channel, contract, file and mapping, the stored rows that are shown no longer."""
    if not day.context.workspace.keeping:
        return {}
    columns = day.fetch("expired_counts", "channel, contract, file_seq, mapping, n").to_pydict()
    return dict(zip(zip(*list(columns.values())[:4], strict=True), columns["n"], strict=True))


def quarantined(day: Day) -> str:
    """A query of the rows in quarantine of every file that had come, in the day's engine. A row waits as long
    as records of its channel are kept."""
    paths = [u.quarantine for u in _visible(day.units, day.as_of) if u.quarantine is not None]
    day.engine.attach("quarantine_files", paths, arrow_schema(load_table("quarantine")))
    keeping = day.context.workspace.keeping.items()
    waits = "".join(
        f" AND (channel <> '{channel}' OR CAST(arrived_on + {period.interval} AS DATE) >= DATE '{day.as_of}')"
        for channel, period in sorted(keeping)
    )
    return f"SELECT * FROM quarantine_files WHERE TRUE{waits}"


def quality_results(context: Context, as_of: date, results: Iterable[tuple[str, CheckResult]]) -> pa.Table:
    """The outcomes of the tables made this time (table, result), and those stored of the others."""
    rows = [
        {
            "as_of": as_of,
            "table_name": table,
            "rule": r.check,
            "severity": r.severity,
            "is_passed": r.passed,
            "count_checked": r.count_checked,
            "count_failed": r.count_failed,
        }
        for table, r in results
    ]
    types = [pa.date32(), pa.string(), pa.string(), pa.string(), pa.bool_(), pa.int64(), pa.int64()]
    names = load_table("quality_results").column_names
    made = pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))
    return pa.concat_tables([made, _results_kept(context, as_of, made)])


def _results_kept(context: Context, as_of: date, made: pa.Table) -> pa.Table:
    """The stored outcomes of the day's tables that were not made this time."""
    tables = workspace_tables(context.workspace)
    stored = context.store.partition(tables["quality_results"], as_of)
    if stored is None:
        return made.slice(0, 0)
    others = sorted(set(tables) - set(made.column("table_name").to_pylist()))
    earlier = pq.read_table(opened(stored.path), schema=made.schema)
    return earlier.filter(pc.is_in(earlier.column("table_name"), pa.array(others, pa.string())))


def _visible(units: Iterable[Unit], as_of: date) -> list[Unit]:
    """Units of files that had come by this day: by their day, or by their first row's."""
    return [unit for unit in units if unit.first_day <= as_of]
