"""Stored raw files without what is of erased people: what is not kept cannot come back.

A row goes when it is theirs. A row that also speaks of somebody else (a parcel for a friend) keeps the
columns this person is known by. The file stays known to the ledger, its rows stay counted as suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

import pyarrow as pa
import pyarrow.parquet as pq

from assets.bronze import RawFile, counted, write_raw_meta
from assets.context import Context, fingerprint_of, logic_version
from assets.mapping import columns_read, compile_unit
from assets.tagging import file_table
from transforms.records.build import RecordUnit, known_rows_sql
from warehouse.channels import Channel, Mapping
from warehouse.encrypted_files import opened
from warehouse.engine import Engine, identifier
from warehouse.errors import SatuError
from warehouse.store import write_parquet


@dataclass(frozen=True)
class _Reader:
    """One mapping over files with the same columns: its bit in sets of mappings, its view of each row."""

    bit: int
    names_row: bool
    columns: set[str]
    sql: str


def purged_raw(
    context: Context, channel: Channel, raws: list[RawFile], suppressions: pa.Table
) -> list[RawFile]:
    """The raw files of a channel, after those that hold suppressed people were rewritten without them."""
    if suppressions.num_rows == 0:
        return raws
    mark = _mark(context, channel, suppressions)
    waiting = [raw for raw in raws if raw.error is None and raw.purged != mark]
    if not waiting:
        return raws
    kinds = frozenset(suppressions.column("kind").to_pylist())
    done: dict[int, RawFile] = {}
    with context.engine() as engine:
        engine.put("suppressions", suppressions)
        for alike in with_same_columns(waiting):
            readers = _readers(context, channel, list(alike[0].columns), kinds)
            for raw in _purge(engine, alike, readers, mark):
                held = raw.held if raw.held == mark else ""
                done[raw.entry.seq] = replace(raw, purged=mark, held=held)
                write_raw_meta(done[raw.entry.seq])
    return [done.get(raw.entry.seq, raw) for raw in raws]


def rewrite_raw(engine: Engine, raw: RawFile, mark: str, sql: str) -> RawFile:
    """Store other rows in place of a raw file's; what is missing since it was read counts as erased.

    That the file held somebody under the suppressions of `mark` is written down first: cut off in between, it
    would look like one that never did, and its records would stay.
    """
    holding = replace(raw, held=mark)
    write_raw_meta(holding)
    rows = engine.reader(f"SELECT * FROM ({sql}) ORDER BY _arrived, _row")
    written = write_parquet(raw.path, rows, pq.read_schema(opened(raw.path)), mode=0o600)
    return _counted_again(engine, replace(holding, rewritten=written.sha256))


def _purge(engine: Engine, raws: list[RawFile], readers: list[_Reader], mark: str) -> Iterator[RawFile]:
    """Files with the same columns, each as it is without suppressed people."""
    engine.attach("raw", [raw.path for raw in raws])
    engine.put("files", file_table(raws))
    _find(engine, readers)
    holding = set(engine.fetch("SELECT DISTINCT file_seq FROM erased_rows").column(0).to_pylist())
    sql = _without_people(engine, raws[0], readers) if holding else ""
    for raw in raws:
        if raw.entry.seq in holding:
            engine.attach("stored", [raw.path])
            yield rewrite_raw(engine, raw, mark, sql.format(file_seq=raw.entry.seq))
        elif pq.read_metadata(opened(raw.path)).num_rows != raw.rows:  # a rewriting that was cut off
            yield _counted_again(engine, raw)
        else:
            yield raw


def _find(engine: Engine, readers: list[_Reader]) -> None:
    """`erased_rows`: file_seq, line, and as sets of mappings `known_by` and `kept_by`, who keep the row as
    somebody else's."""
    known = [f"SELECT file_seq, line, {r.bit} AS bit FROM ({r.sql}) WHERE is_known" for r in readers]
    nothing = "SELECT CAST(0 AS INTEGER) AS file_seq, CAST(0 AS BIGINT) AS line, 0 AS bit WHERE FALSE"
    engine.materialise(
        "known_rows",
        "SELECT file_seq, line, CAST(BIT_OR(bit) AS BIGINT) AS known_by"
        f" FROM ({' UNION ALL '.join(known or [nothing])}) GROUP BY file_seq, line",
    )
    if engine.scalar("SELECT COUNT(*) FROM known_rows") == 0:  # nearly every file of a night
        engine.materialise("erased_rows", "SELECT *, CAST(0 AS BIGINT) AS kept_by FROM known_rows")
        return
    others = [
        f"SELECT file_seq, line, {r.bit} AS bit FROM ({r.sql})"
        " SEMI JOIN known_rows USING (file_seq, line) WHERE is_kept AND NOT is_known"
        for r in readers
    ]
    engine.materialise(
        "erased_rows",
        "SELECT k.file_seq, k.line, k.known_by, CAST(COALESCE(BIT_OR(o.bit), 0) AS BIGINT) AS kept_by"
        f" FROM known_rows AS k LEFT JOIN ({' UNION ALL '.join(others or [nothing])}) AS o"
        " ON o.file_seq = k.file_seq AND o.line = k.line GROUP BY k.file_seq, k.line, k.known_by",
    )


def _without_people(engine: Engine, raw: RawFile, readers: list[_Reader]) -> str:
    """The rows of `stored`, the file numbered {file_seq}, without what is of the people found."""
    cases = engine.fetch("SELECT DISTINCT known_by, kept_by FROM erased_rows ORDER BY ALL").to_pylist()
    going: list[str] = []
    blank: dict[str, list[str]] = {}
    for case in cases:
        rows = f"(e.known_by = {case['known_by']} AND e.kept_by = {case['kept_by']})"
        columns = _theirs(raw.columns, readers, case["known_by"], case["kept_by"])
        if columns is None:
            going.append(rows)
        for column in columns or ():
            blank.setdefault(column, []).append(rows)
    cells = [
        f"CASE WHEN {' OR '.join(rows)} THEN NULL ELSE s.{identifier(c)} END AS {identifier(c)}"
        for c, rows in blank.items()
    ]
    replaced = f" REPLACE ({', '.join(cells)})" if cells else ""
    selected = f"SELECT s.*{replaced} FROM stored AS s".replace("{", "{{").replace("}", "}}")
    return (
        f"{selected} LEFT JOIN erased_rows AS e ON e.line = s._row AND e.file_seq = {{file_seq}}"
        f" WHERE NOT COALESCE({' OR '.join(going) or 'FALSE'}, FALSE)"
    )


def _theirs(columns: tuple[str, ...], readers: list[_Reader], known_by: int, kept_by: int) -> set[str] | None:
    """The columns of such a row that are the erased person's; None when the whole row is."""
    knowing = [r for r in readers if r.bit & known_by]
    if any(r.names_row for r in knowing):
        others = [r for r in readers if r.bit & kept_by and not r.names_row]
        return set(columns).difference(*(r.columns for r in others)) if others else None
    rest = [r for r in readers if not r.bit & known_by]
    return set().union(*(r.columns for r in knowing)).difference(*(r.columns for r in rest)) if rest else None


def fitting_mappings(
    context: Context, channel: Channel, columns: list[str]
) -> list[tuple[Mapping, RecordUnit]]:
    """The mappings of a channel that fit files with these columns, compiled; units of others say why not."""
    found = []
    for mapping in channel.mappings:
        with suppress(SatuError):
            found.append((mapping, compile_unit(context.workspace, channel, mapping, columns)))
    return found


def _readers(context: Context, channel: Channel, columns: list[str], kinds: frozenset[str]) -> list[_Reader]:
    return [
        _Reader(
            1 << position,
            mapping.role is None,
            columns_read(context.workspace, channel, mapping, columns),
            known_rows_sql(replace(unit, suppressing=kinds)),
        )
        for position, (mapping, unit) in enumerate(fitting_mappings(context, channel, columns))
    ]


def _counted_again(engine: Engine, raw: RawFile) -> RawFile:
    after = counted(engine, raw)
    return replace(after, erased=raw.erased + raw.rows - after.rows)


def with_same_columns(raws: Iterable[RawFile]) -> Iterator[list[RawFile]]:
    """Files with the same columns together."""
    layout = attrgetter("layout")
    for _, alike in groupby(sorted(raws, key=layout), key=layout):
        yield list(alike)


def _mark(context: Context, channel: Channel, suppressions: pa.Table) -> str:
    """What finding rows of erased people depends on."""
    settings = context.workspace.settings
    mapped = [(m.contract, m.role, [(f.field, f.expression) for f in m.fields]) for m in channel.mappings]
    company = (settings.country, settings.timezone)
    return fingerprint_of(logic_version(), channel.id_space, mapped, company, suppressions.to_pydict())
