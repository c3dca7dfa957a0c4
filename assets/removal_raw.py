"""Stored raw files without what is kept no longer: the cells go, the row stays with a mark.

Of a row whose records have expired those columns stay that another mapping still keeps, and those that make
an order an anonymous sale. Its hash stays as well, so that the same row delivered again is a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from assets.bronze import RawFile, stored_raw, write_raw_meta
from assets.configuration import params
from assets.context import Context
from assets.ending_rows import Emptied, EndingRows, numbers
from assets.purging import with_same_columns
from assets.tagging import file_table
from assets.units import Unit
from transforms.records.retention import MARK
from warehouse.channels import Channel
from warehouse.encrypted_files import opened
from warehouse.engine import Engine, identifier
from warehouse.store import write_parquet

KEPT_NO_LONGER = "(kept no longer)"
"""Stands for the text of a line that nobody could read."""
_FOOTER = "expired"


def remove_from_raw(context: Context, units: list[Unit], as_of: date, expired: pa.Table) -> bool:
    """Take what is kept no longer out of every stored raw file; whether any is another one since.

    `expired` has record_key and expired_through; `units` were made of the files as they were. For who holds
    the warehouse's lock; cut off at any point, the same call again finishes the work.
    """
    with context.engine() as engine:
        engine.put("params", params(context, as_of))
        engine.put("expired_records", expired)
        for name in context.workspace.keeping:
            channel = context.workspace.channels[name]
            of_channel = [unit for unit in units if unit.channel == name]
            for raw in _rewritten(context, engine, channel, of_channel, as_of.isoformat()):
                write_raw_meta(raw)
    channels = context.workspace.channels.values()
    return any(raw.expired == as_of.isoformat() for one in channels for raw in stored_raw(context, one))


def _rewritten(
    context: Context, engine: Engine, channel: Channel, units: list[Unit], mark: str
) -> Iterator[RawFile]:
    """The files of a channel that hold something kept no longer, as they are without."""
    raws = [_described(raw, mark) for raw in stored_raw(context, channel) if raw.error is None]
    rows = EndingRows(context, engine, channel, raws, units)
    waits = f"CAST(f.file_day + {context.workspace.keeping[channel.name].interval} AS DATE)"
    for alike in with_same_columns(raws):
        engine.put("files", file_table(alike))
        emptied = rows.find(alike)
        holding = numbers(engine, "SELECT file_seq FROM ending")
        old = numbers(engine, f"SELECT f.file_seq FROM files AS f, params AS p WHERE {waits} < p.as_of")
        for raw in alike:
            after = _without_rejects(raw) if raw.entry.seq in old else raw
            if raw.entry.seq in holding or after != raw:
                _rewrite(engine, raw, emptied, mark)
                yield replace(after, expired=mark)


def _described(raw: RawFile, mark: str) -> RawFile:
    """The file as its footer says it is: it may have been cut off between its rows and their description."""
    footer = pq.read_schema(opened(raw.path)).metadata or {}
    if raw.expired == mark or footer.get(_FOOTER.encode()) != mark.encode():
        return raw
    described = replace(raw, expired=mark)
    write_raw_meta(described)
    return described


def _without_rejects(raw: RawFile) -> RawFile:
    kept = tuple(replace(reject, raw_text=KEPT_NO_LONGER) for reject in raw.rejects)
    return replace(raw, rejects=kept)


def _rewrite(engine: Engine, raw: RawFile, emptied: Emptied, mark: str) -> None:
    """Store the file with the cells of its rows in `ending` emptied, and the rows marked."""
    stored = pq.read_schema(opened(raw.path))
    fields = [field for field in stored if field.name != MARK]
    cells = [_cell(field.name, emptied.get(field.name, [])) for field in fields]
    marks = f"COALESCE(e.marks, s.{MARK})" if MARK in stored.names else "e.marks"
    engine.attach("stored", [raw.path])
    rows = engine.reader(
        f"SELECT {', '.join(cells)}, {marks} AS {MARK}"
        f" FROM stored AS s LEFT JOIN ending AS e ON e.line = s._row AND e.file_seq = {raw.entry.seq}"
        " ORDER BY _arrived, _row"
    )
    schema = pa.schema([*fields, pa.field(MARK, pa.string())])
    write_parquet(raw.path, rows, schema, metadata={_FOOTER: mark}, mode=0o600)


def _cell(name: str, emptied_by: list[int]) -> str:
    column, sets = identifier(name), ", ".join(map(str, emptied_by))
    return (
        f"CASE WHEN e.ended_by IN ({sets}) THEN NULL ELSE s.{column} END AS {column}"
        if sets
        else f"s.{column}"
    )
