"""Rows that wait in quarantine, whatever day they arrived, and what a fix brought in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.bronze import stored_raw
from assets.context import Context
from assets.units import Unit, stored_unit
from transforms.records.profile import KEPT
from warehouse.contracts import arrow_schema, load_table

NEWEST_FIRST = [("arrived_on", "descending"), *((c, "ascending") for c in ("channel", "file", "line"))]


@dataclass(frozen=True)
class BroughtIn:
    """Rows of files known before that are accepted now, by channel, and the days on which they arrived."""

    rows: dict[str, int]
    days: tuple[date, ...]


def stored_units(context: Context) -> list[Unit]:
    """The units of every channel as they are stored, without making any."""
    found = (
        stored_unit(context, channel, mapping, raw)
        for channel in context.workspace.channels.values()
        for raw in stored_raw(context, channel)
        for mapping in channel.mappings
    )
    return [unit for unit in found if unit is not None]


def waiting_rows(context: Context, with_replaced: bool = False) -> pa.Table:
    """Every row in quarantine without the row itself; by default not those of files that a corrected delivery
    replaced under the same name."""
    table = load_table("quarantine")
    schema = arrow_schema(table)
    columns = [name for name in table.column_names if name != "raw_row"]
    replaced = set() if with_replaced else context.ledger.replaced()
    paths = [
        unit.quarantine
        for unit in stored_units(context)
        if unit.quarantine is not None and (unit.channel, unit.file_seq) not in replaced
    ]
    parts = [pq.read_table(path, columns=columns).cast(_only(schema, columns)) for path in paths]
    if not parts:
        return _only(schema, columns).empty_table()
    rows = pa.concat_tables(parts)
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


def _only(schema: pa.Schema, names: list[str]) -> pa.Schema:
    return pa.schema([schema.field(name) for name in names])
