"""raw → records: rows typed, normalised and checked, once per file and mapping, with a full account of rows.

Files of a channel with the same columns go through one query together; each file keeps its own Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.bronze import RawFile
from assets.context import Context, fingerprint_of, logic_version
from assets.mapping import compile_unit
from assets.profiles import Profile, profile_of_whole_file, profiles_of_tagged
from assets.units import (
    VERDICTS,
    Unit,
    make_unit_folders,
    record_schema,
    stored_unit,
    unit_paths,
    write_meta,
)
from data_quality.row_rules import DEFAULT_FIX, fault_texts, row_fault_sql, warnings_sql
from transforms.records import build
from warehouse.channels import Channel, Mapping
from warehouse.contracts import InputContract, arrow_schema, load_table
from warehouse.engine import Engine, literal
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

    A restated file makes the later files of its channel stale, because their duplicates depend on it.
    """
    units: list[Unit] = []
    engine: Engine | None = None
    try:
        for mapping in channel.mappings:
            prints = unit_fingerprints(context, channel, mapping, raws, suppressions)
            found = [stored_unit(context, channel, mapping, raw) for raw in raws]
            fresh = [
                unit for unit, mark in zip(found, prints, strict=True) if unit and unit.fingerprint == mark
            ]
            done: list[Unit] = fresh[: _first_stale(found, prints)]
            stale = list(zip(raws, prints, strict=True))[len(done) :]
            if stale and engine is None:
                engine = context.engine()
            if stale:
                make_unit_folders(context, channel, mapping)
            for group in _groups(stale):
                assert engine is not None
                progress(f"{channel.name}: {len(group)} file(s) → {mapping.id}")
                made = _make(context, engine, channel, mapping, group, done, suppressions)
                for unit in made:
                    write_meta(unit)
                done = [*done, *made]
            units += done
    finally:
        if engine is not None:
            engine.close()
    return units


def unit_fingerprints(
    context: Context, channel: Channel, mapping: Mapping, raws: list[RawFile], suppressions: pa.Table
) -> list[str]:
    """One per file, each covering the mapping as it stands and the files received before it."""
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
        suppressions.to_pydict(),
    )
    chain = []
    for raw in raws:
        print_ = fingerprint_of(print_, raw.fingerprint, raw.entry.seq, raw.erased, raw.rewritten)
        chain.append(print_)
    return chain


def _first_stale(found: list[Unit | None], prints: list[str]) -> int:
    for position, (unit, mark) in enumerate(zip(found, prints, strict=True)):
        if unit is None or unit.fingerprint != mark:
            return position
    return len(found)


def _groups(stale: list[tuple[RawFile, str]]) -> Iterator[list[tuple[RawFile, str]]]:
    """Neighbours in the order of receipt that have the same columns and are small enough together."""
    for _, alike in groupby(stale, key=lambda p: (p[0].error, p[0].columns, p[0].refused is None)):
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
    earlier: list[Unit],
    suppressions: pa.Table,
) -> list[Unit]:
    contract = context.workspace.inputs[mapping.contract]
    if group[0][0].error is not None:
        return [
            _whole_file(context, channel, mapping, pair, UNREADABLE, str(pair[0].error)) for pair in group
        ]
    try:
        compiled = replace(
            compile_unit(context.workspace, channel, mapping, list(group[0][0].columns)),
            suppressing=frozenset(suppressions.column("kind").to_pylist()),
            warnings=tuple(warnings_sql(contract)),
        )
    except SatuError as problem:
        return [
            _whole_file(context, channel, mapping, pair, UNMAPPABLE, str(problem))
            if pair[0].columns or _received(pair[0])
            else _nothing(context, channel, mapping, pair)
            for pair in group
        ]
    engine.attach("raw", [raw.path for raw, _ in group])
    engine.put("files", file_table([raw for raw, _ in group]))
    engine.put("suppressions", suppressions)
    engine.put("fault_texts", _fault_texts(contract))
    schema = pa.schema([("row_hash", pa.int64()), ("dup_no", pa.int32()), ("arrived", pa.date32())])
    engine.attach("earlier", [u.records for u in earlier if u.counts[build.ACCEPTED]], schema)
    fault = row_fault_sql(contract, build.failures(contract))
    engine.materialise("tagged", build.tagged_rows_sql(compiled, fault))
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
    counted = engine.fetch(
        "SELECT verdict, COUNT(*) AS n, MIN(arrived) AS first, MAX(arrived) AS last"
        f" FROM tagged WHERE {here} GROUP BY verdict"
    ).to_pylist()
    counts = dict.fromkeys(VERDICTS, 0) | {row["verdict"]: row["n"] for row in counted}
    has_quarantine = counts[build.QUARANTINED] > 0 or bool(raw.rejects)
    counts[build.QUARANTINED] += len(raw.rejects)
    counts[build.SUPPRESSED] += raw.erased
    if has_quarantine:
        _write_quarantine(engine, quarantine, channel, mapping, raw)
    else:
        quarantine.unlink(missing_ok=True)
    accepted: dict[str, Any] = next((row for row in counted if row["verdict"] == build.ACCEPTED), {})
    days = accepted.get("first"), accepted.get("last")
    profile.add_rejects(raw.rejects, raw.entry.file_day)
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, records,
        quarantine if has_quarantine else None, fingerprint, *days, counts, _received(raw), profile,
    )  # fmt: skip


def _write_quarantine(engine: Engine, path: Path, channel: Channel, mapping: Mapping, raw: RawFile) -> None:
    """Rows that broke a rule, with the rows the reader could not read, in one file."""
    engine.put("rejects", _rejects(raw))
    table = load_table("quarantine")
    names = (literal(channel.name), literal(raw.entry.path), literal(mapping.id))
    sql = f"""
SELECT {names[0]} AS channel, {names[1]} AS file, t.source_line AS line, t.line AS row_no,
    {names[2]} AS contract,
    NULLIF(split_part(t.fault, '|', 2), '') AS column_name, split_part(t.fault, '|', 1) AS rule,
    COALESCE(f.reason, 'the row breaks a rule') AS reason,
    COALESCE(f.fix, {literal(DEFAULT_FIX.en)}) AS fix,
    t.arrived AS arrived_on, CAST(to_json(r) AS VARCHAR) AS raw_row
FROM tagged AS t
INNER JOIN raw AS r ON r._row = t.line AND r._file_hash = {literal(raw.entry.file_hash)}
LEFT JOIN fault_texts AS f ON f.fault = t.fault
WHERE t.verdict = '{build.QUARANTINED}' AND t.file_seq = {raw.entry.seq}
UNION ALL
SELECT {names[0]}, {names[1]}, line, 0, {names[2]}, column_name, rule, reason, fix,
    DATE '{raw.entry.file_day.isoformat()}', raw_row
FROM rejects
"""
    columns = ", ".join(table.column_names)
    rows = engine.reader(f"SELECT {columns} FROM ({sql}) ORDER BY line, row_no, contract, rule, column_name")
    write_parquet(path, rows, arrow_schema(table), mode=0o600)


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
        profile_of_whole_file(rule, raw.entry.file_day, _received(raw)), reason,
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


def file_table(raws: list[RawFile]) -> pa.Table:
    """What the SQL of records knows of each file."""
    return pa.table(
        {
            "file_hash": pa.array([raw.entry.file_hash for raw in raws], pa.string()),
            "file_seq": pa.array([raw.entry.seq for raw in raws], pa.int32()),
            "file_batch": pa.array([raw.entry.batch for raw in raws], pa.int32()),
            "file_day": pa.array([raw.entry.file_day for raw in raws], pa.date32()),
        }
    )


def _fault_texts(contract: InputContract) -> pa.Table:
    texts = fault_texts(contract)
    return pa.table(
        {
            "fault": pa.array([t.code for t in texts], pa.string()),
            "reason": pa.array([t.reason_en for t in texts], pa.string()),
            "fix": pa.array([t.fix_en for t in texts], pa.string()),
        }
    )


def _rejects(raw: RawFile) -> pa.Table:
    rejects = raw.rejects
    return pa.table(
        {
            "line": pa.array([r.line for r in rejects], pa.int64()),
            "column_name": pa.array([r.column for r in rejects], pa.string()),
            "rule": pa.array([r.rule for r in rejects], pa.string()),
            "reason": pa.array([r.reason for r in rejects], pa.string()),
            "fix": pa.array([r.fix for r in rejects], pa.string()),
            "raw_row": pa.array([r.raw_text for r in rejects], pa.string()),
        }
    )


def _reader(rows: list[dict[str, object]], schema: pa.Schema) -> pa.RecordBatchReader:
    table = pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)
    return pa.RecordBatchReader.from_batches(schema, table.to_batches())
