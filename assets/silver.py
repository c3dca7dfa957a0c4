"""raw → records: rows typed, normalised and checked, once per file and mapping, with a full account of rows.

Files of a channel with the same columns go through one query together; each file keeps its own Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby

import pyarrow as pa

from assets.bronze import RawFile
from assets.context import Context, fingerprint_of, logic_version
from assets.profiles import Profile, profile_of_whole_file, profiles_of_tagged
from assets.quarantine_rows import write_quarantine
from assets.tagging import compiled_for, put_earlier, tag
from assets.units import (
    VERDICTS,
    Unit,
    make_unit_folders,
    record_schema,
    stored_unit,
    unit_paths,
    write_meta,
)
from transforms.records import build
from warehouse.channels import Channel, Mapping
from warehouse.contracts import arrow_schema, load_table
from warehouse.engine import Engine
from warehouse.errors import SatuError
from warehouse.store import write_parquet

UNREADABLE, UNMAPPABLE = "unreadable_file", "mapping_does_not_fit"
ROWS_TOGETHER = 200_000

Progress = Callable[[str], None]


def record_units(
    context: Context,
    channel: Channel,
    raws: list[RawFile],
    suppressions: pa.Table,
    progress: Progress = lambda text: None,
) -> list[Unit]:
    """Every unit of a channel, making those that are not stored or stale, in the order of receipt.

    A restated file makes the later files of its channel stale, because their duplicates depend on it. One
    that lost erased people does not: what repeated their rows later is theirs as well; nor one whose rows are
    kept no longer, because a row delivered again stays a duplicate.
    """
    units: list[Unit] = []
    engine: Engine | None = None
    try:
        for mapping in channel.mappings:
            prints = unit_fingerprints(context, channel, mapping, raws)
            found = [stored_unit(context, channel, mapping, raw) for raw in raws]
            known = {unit.file_seq: unit for unit in found if unit is not None}
            made: list[Unit] = []
            for is_fresh, run in groupby(zip(raws, prints, strict=True), partial(_is_fresh, known)):
                if is_fresh:
                    made += [known[raw.entry.seq] for raw, _ in run]
                    continue
                engine = engine or context.engine()
                make_unit_folders(context, channel, mapping)
                for group in _groups(run):
                    progress(f"{channel.name}: {len(group)} file(s) → {mapping.id}")
                    put_earlier(engine, mapping, made, raws)
                    for unit in _make(context, engine, channel, mapping, group, suppressions):
                        made.append(_counted_as_before(unit, known.get(unit.file_seq)))
                        write_meta(made[-1])
            units += made
    finally:
        if engine is not None:
            engine.close()
    return units


def unit_fingerprints(context: Context, channel: Channel, mapping: Mapping, raws: list[RawFile]) -> list[str]:
    """One per file, each covering the mapping as it stands, the files received before it, and the erased
    people it held itself."""
    settings = context.workspace.settings
    where = mapping.where.text() if mapping.where is not None and mapping.where.value is not None else None
    print_ = fingerprint_of(
        logic_version(),
        channel.id_space,
        (mapping.role, where, [(f.field, f.expression) for f in mapping.fields]),
        context.workspace.inputs[mapping.contract],
        settings.country,
        settings.timezone,
        settings.currency,
    )
    marks = []
    for raw in raws:
        print_ = fingerprint_of(print_, raw.fingerprint, raw.entry.seq)
        marks.append(fingerprint_of(print_, raw.erased, raw.rewritten, raw.held))
    return marks


def _is_fresh(known: dict[int, Unit], pair: tuple[RawFile, str]) -> bool:
    raw, mark = pair
    unit = known.get(raw.entry.seq)
    return unit is not None and (unit.fingerprint, unit.expired) == (mark, raw.expired)


def _counted_as_before(unit: Unit, before: Unit | None) -> Unit:
    """A unit made again only because rows are kept no longer: what was counted of them stays counted."""
    is_the_same = before is not None and before.fingerprint == unit.fingerprint
    return replace(unit, profile=before.profile) if before is not None and is_the_same else unit


def _groups(stale: Iterable[tuple[RawFile, str]]) -> Iterator[list[tuple[RawFile, str]]]:
    """Neighbours in the order of receipt that have the same columns and are small enough together."""
    for _, alike in groupby(stale, key=lambda pair: (pair[0].error, *pair[0].layout)):
        group: list[tuple[RawFile, str]] = []
        rows = 0
        for pair in alike:
            if group and rows + pair[0].rows > ROWS_TOGETHER:
                yield group
                group, rows = [], 0
            group.append(pair)
            rows += pair[0].rows
        yield group


def _make(
    context: Context,
    engine: Engine,
    channel: Channel,
    mapping: Mapping,
    group: list[tuple[RawFile, str]],
    suppressions: pa.Table,
) -> list[Unit]:
    if group[0][0].error is not None:
        return [
            _whole_file(context, channel, mapping, pair, UNREADABLE, str(pair[0].error)) for pair in group
        ]
    raws = [raw for raw, _ in group]
    try:
        compiled = compiled_for(context, channel, mapping, raws[0], suppressions)
    except SatuError as problem:
        return [
            _whole_file(context, channel, mapping, pair, UNMAPPABLE, str(problem))
            if pair[0].columns or _received(pair[0])
            else _nothing(context, channel, mapping, pair)
            for pair in group
        ]
    engine.attach("raw", [raw.path for raw in raws])
    tag(context, engine, mapping, compiled, raws, suppressions)
    profiles = profiles_of_tagged(engine, compiled)
    units = [
        _write(context, engine, channel, mapping, pair, profiles.get(pair[0].entry.seq, Profile()))
        for pair in group
    ]
    engine.drop("tagged")
    return units


def _write(
    context: Context,
    engine: Engine,
    channel: Channel,
    mapping: Mapping,
    pair: tuple[RawFile, str],
    profile: Profile,
) -> Unit:
    """The records and the quarantine of one file, out of the tagged rows of its group."""
    raw, fingerprint = pair
    contract = context.workspace.inputs[mapping.contract]
    records, quarantine = unit_paths(context, channel, mapping, raw)
    columns = ", ".join(f'"{name}"' for name in build.record_columns(contract))
    here = f"file_seq = {raw.entry.seq}"
    rows = engine.reader(
        f"SELECT {columns} FROM tagged WHERE {here} AND verdict = '{build.ACCEPTED}' ORDER BY arrived, line"
    )
    write_parquet(records, rows, record_schema(contract), mode=0o600)
    went = f"CASE WHEN verdict = '{build.EXPIRED}' THEN had_gone ELSE verdict END"
    counted = engine.fetch(
        f"SELECT {went} AS went, COUNT(*) AS n, MIN(arrived) AS first, MAX(arrived) AS last,"
        f" COUNT(*) FILTER (WHERE verdict = '{build.QUARANTINED}') AS waiting"
        f" FROM tagged WHERE {here} GROUP BY went"
    ).to_pylist()
    counts = dict.fromkeys(VERDICTS, 0) | {row["went"]: row["n"] for row in counted}
    has_quarantine = any(row["waiting"] for row in counted) or bool(raw.rejects)
    counts[build.QUARANTINED] += len(raw.rejects)
    counts[build.SUPPRESSED] += raw.erased
    if has_quarantine:
        write_quarantine(engine, quarantine, channel, mapping, raw)
    else:
        quarantine.unlink(missing_ok=True)
    accepted = [row for row in counted if row["went"] in (build.ACCEPTED, build.EXPIRED)]
    first = min((row["first"] for row in accepted), default=None)
    last = max((row["last"] for row in accepted), default=None)
    profile.add_rejects(raw.rejects, raw.entry.file_day)
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, records,
        quarantine if has_quarantine else None, fingerprint, first, last, counts, _received(raw), profile,
        expired=raw.expired,
    )  # fmt: skip


def _whole_file(
    context: Context, channel: Channel, mapping: Mapping, pair: tuple[RawFile, str], rule: str, reason: str
) -> Unit:
    """One quarantine entry for a file none of whose rows can be used; its rows count as quarantined."""
    raw, fingerprint = pair
    contract = context.workspace.inputs[mapping.contract]
    records, quarantine = unit_paths(context, channel, mapping, raw)
    write_parquet(records, _reader([], record_schema(contract)), record_schema(contract), mode=0o600)
    row = {
        "channel": channel.name,
        "file": raw.entry.path,
        "line": 0,
        "row_no": 0,
        "contract": mapping.id,
        "rule": rule,
        "reason": reason,
        "fix": "correct the file or the contract; the next run reads it again",
        "arrived_on": raw.entry.file_day,
    }
    schema = arrow_schema(load_table("quarantine"))
    write_parquet(quarantine, _reader([row], schema), schema, mode=0o600)
    waiting = _received(raw) - raw.erased
    counts = dict.fromkeys(VERDICTS, 0) | {build.QUARANTINED: waiting, build.SUPPRESSED: raw.erased}
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, records,
        quarantine, fingerprint, None, None, counts, _received(raw),
        profile_of_whole_file(rule, raw.entry.file_day, _received(raw)), reason, raw.expired,
    )  # fmt: skip


def _nothing(context: Context, channel: Channel, mapping: Mapping, pair: tuple[RawFile, str]) -> Unit:
    """A file that says by its form that there is nothing to tell, such as an empty JSON list."""
    raw, fingerprint = pair
    schema = record_schema(context.workspace.inputs[mapping.contract])
    records, quarantine = unit_paths(context, channel, mapping, raw)
    write_parquet(records, _reader([], schema), schema, mode=0o600)
    quarantine.unlink(missing_ok=True)
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, records,
        None, fingerprint, None, None, dict.fromkeys(VERDICTS, 0), 0, Profile(),
    )  # fmt: skip


def _received(raw: RawFile) -> int:
    """Rows the reader found in the file, readable or not, those erased since included."""
    return raw.rows + len(raw.rejects) + raw.erased


def _reader(rows: list[dict[str, object]], schema: pa.Schema) -> pa.RecordBatchReader:
    table = pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)
    return pa.RecordBatchReader.from_batches(schema, table.to_batches())
