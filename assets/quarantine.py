"""Rows that wait in quarantine, whatever day they arrived, and what a fix brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.bronze import RawFile, stored_raw
from assets.context import Context
from assets.units import Unit, last_unit, stored_unit
from transforms.records.profile import KEPT
from warehouse.channels import Channel, Mapping
from warehouse.contracts import arrow_schema, load_table
from warehouse.encrypted_files import opened

NEWEST_FIRST = [("arrived_on", "descending"), *((c, "ascending") for c in ("channel", "file", "line"))]


@dataclass(frozen=True)
class BroughtIn:
    """Rows of files known before that are accepted now, by channel, and the days on which they arrived."""

    rows: dict[str, int]
    days: tuple[date, ...]


def stored_units(context: Context) -> list[Unit]:
    """The units of every channel as they are stored, without making any."""
    return _units(context, stored_unit)


def count_waiting(context: Context) -> int:
    """How many rows `waiting_rows` lists, with every row of a file that waits as a whole."""
    return sum(_count_waiting(unit) for unit in _waiting_units(context))


def count_arrived(context: Context, day: date) -> int:
    """How many of the rows that `waiting_rows` lists arrived on a day."""
    arrived = pa.schema([arrow_schema(load_table("quarantine")).field("arrived_on")])
    days = [_read(unit.quarantine, arrived).column(0) for unit in _waiting_units(context) if unit.quarantine]
    return sum(pc.sum(pc.equal(column, pa.scalar(day, pa.date32()))).as_py() or 0 for column in days)


def rejected_files(context: Context, after: date) -> list[str]:
    """A sentence on each file of a later day none of whose rows was accepted: no day of it could fail."""
    paths = context.ledger.paths()
    later = [unit for unit in _units(context, last_unit) if unit.file_day > after]
    files = {(u.channel, u.file_seq) for u in later if u.quarantine is not None and u.problem is None}
    files -= {(u.channel, u.file_seq) for u in later if u.min_arrived is not None}
    return [
        f"{path}: none of its rows was accepted, so they bring no day; `satu quarantine list` says why"
        for path in sorted(paths[file] for file in files - context.ledger.replaced())
    ]


def _count_waiting(unit: Unit) -> int:
    if unit.problem is not None or unit.quarantine is None:
        return unit.counts["quarantined"]
    rows: int = pq.read_metadata(opened(unit.quarantine)).num_rows
    return rows


def _units(
    context: Context, found_by: Callable[[Context, Channel, Mapping, RawFile], Unit | None]
) -> list[Unit]:
    found = (
        found_by(context, channel, mapping, raw)
        for channel in context.workspace.channels.values()
        for raw in stored_raw(context, channel)
        for mapping in channel.mappings
    )
    return [unit for unit in found if unit is not None]


def waiting_rows(context: Context, with_replaced: bool = False) -> pa.Table:
    """Every row in quarantine without the row itself; by default not those of files that a corrected delivery
    replaced under the same name."""
    table = load_table("quarantine")
    schema = _without_rows(arrow_schema(table))
    units = _waiting_units(context, with_replaced)
    rows = pa.concat_tables(
        [schema.empty_table(), *(_read(unit.quarantine, schema) for unit in units if unit.quarantine)],
        promote_options="default",
    )
    return rows.take(
        pc.sort_indices(rows, [*NEWEST_FIRST, ("contract", "ascending"), ("row_no", "ascending")])
    )


def brought_in(before: Iterable[Unit], after: Iterable[Unit]) -> BroughtIn:
    """What is accepted after that was in quarantine before, on the days the rows had arrived."""
    earlier = {(u.channel, u.file_seq, u.contract, u.mapping): u for u in before}
    rows: dict[str, int] = {}
    days: set[date] = set()
    for unit in after:
        known = earlier.get((unit.channel, unit.file_seq, unit.contract, unit.mapping))
        if known is None:
            continue
        freed = known.counts["quarantined"] - unit.counts["quarantined"]
        came = min(freed, unit.counts["accepted"] - known.counts["accepted"])
        if came > 0:
            rows[unit.channel] = rows.get(unit.channel, 0) + came
            was, now = known.profile.counts.get((KEPT, ""), {}), unit.profile.counts.get((KEPT, ""), {})
            days.update(day for day, count in now.items() if count > was.get(day, 0))
    return BroughtIn(rows, tuple(sorted(days)))


def _waiting_units(context: Context, with_replaced: bool = False) -> list[Unit]:
    """Units as they were stored last, by an older version too: their rows wait until they are read anew."""
    replaced = set() if with_replaced else context.ledger.replaced()
    return [
        unit
        for unit in _units(context, last_unit)
        if unit.quarantine is not None and (unit.channel, unit.file_seq) not in replaced
    ]


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    """The rows of one file without the rows themselves; what an older version did not write is NULL."""
    known = pq.read_schema(opened(path))
    names = [name for name in schema.names if name in known.names]
    return pq.read_table(opened(path), columns=names).cast(pa.schema([schema.field(name) for name in names]))


def _without_rows(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field for field in schema if field.name != "raw_row"])
