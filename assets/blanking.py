"""Stored raw files without what states a person's identifiers where no mapping reads it.

Rows that a mapping knows are taken by `purging`. What is left stands in columns nobody reads, in rows of
others, in lines nobody could read, in files no mapping fits. Of the first two the cell goes, else the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from assets.bronze import RawFile, stored_raw, write_raw_meta
from assets.context import Context
from assets.purging import fitting_mappings, rewrite_raw
from data_quality.leaks import scan
from data_quality.needles import Needle, TextSearch
from warehouse.engine import Engine, identifier

Cells = dict[str, list[int]]
"""Rows by column."""


def blank_raw(context: Context, needles: Sequence[Needle]) -> None:
    """Take what holds one of the needles out of every stored raw file. For who holds the warehouse's lock."""
    folder = context.workspace.warehouse / "raw"
    if not folder.is_dir() or not needles:
        return
    holding = {leak.path for leak in scan(folder, needles)}
    texts = TextSearch(needles)
    with context.engine() as engine:
        for channel in context.workspace.channels.values():
            for raw in stored_raw(context, channel):
                meta = raw.path.with_suffix(".json")
                if {raw.path.resolve(), meta.resolve()}.isdisjoint(holding):
                    continue
                after = _without_rejects(raw, texts)
                if raw.path.resolve() in holding:
                    is_mapped = bool(fitting_mappings(context, channel, list(raw.columns)))
                    after = _rewritten(engine, after, _cells(engine, raw, needles, texts), is_mapped)
                write_raw_meta(after)


def _without_rejects(raw: RawFile, texts: TextSearch) -> RawFile:
    kept = tuple(reject for reject in raw.rejects if not texts.found_in(reject.raw_text))
    return replace(raw, rejects=kept, erased=raw.erased + len(raw.rejects) - len(kept))


def _rewritten(engine: Engine, raw: RawFile, cells: Cells, is_mapped: bool) -> RawFile:
    if not cells:
        return raw
    if not is_mapped:
        rows = sorted({row for of_column in cells.values() for row in of_column})
        return rewrite_raw(
            engine, raw, raw.purged, f"SELECT * FROM stored WHERE _row NOT IN ({_listed(rows)})"
        )
    blank = [
        f"CASE WHEN _row IN ({_listed(rows)}) THEN NULL ELSE {identifier(c)} END AS {identifier(c)}"
        for c, rows in cells.items()
    ]
    return rewrite_raw(engine, raw, raw.purged, f"SELECT * REPLACE ({', '.join(blank)}) FROM stored")


def _cells(engine: Engine, raw: RawFile, needles: Sequence[Needle], texts: TextSearch) -> Cells:
    """The cells of a raw file that hold a needle, or a part of one the row holds wholly."""
    engine.attach("stored", [raw.path])
    columns = ", ".join(identifier(name) for name in raw.columns)
    found: Cells = {}
    for batch in engine.reader(f"SELECT _row, {columns} FROM stored"):
        rows, *cells = batch.columns
        for row, position, held in texts.in_rows(cells):
            holding = [position] if position is not None else _parts_in(cells, row, needles, held)
            for column in holding:
                found.setdefault(raw.columns[column], []).append(rows[row].as_py())
    return found


def _parts_in(
    cells: Sequence[pa.Array], row: int, needles: Sequence[Needle], held: Iterable[int]
) -> list[int]:
    """The columns of a row that hold a part of needles which the row holds wholly."""
    parts = TextSearch([Needle((v,), needles[n].is_key) for n in held for v in needles[n].values])
    return [position for position, column in enumerate(cells) if parts.found_in(column[row].as_py() or "")]


def _listed(rows: Sequence[int]) -> str:
    return ", ".join(map(str, rows))
