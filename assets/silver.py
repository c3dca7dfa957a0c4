"""raw → records: rows typed, normalised and checked, once per file and mapping, with a full account of rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from assets.bronze import RawFile
from assets.context import Context, fingerprint_of, logic_version
from assets.mapping import compile_unit
from data_quality.row_rules import fault_texts, row_fault_sql
from transforms.records import build
from warehouse.channels import Channel, Mapping
from warehouse.contracts import InputContract, arrow_schema, arrow_type, load_table
from warehouse.engine import DuckDBEngine, literal
from warehouse.errors import SatuError
from warehouse.files import private_dir, write_atomic
from warehouse.store import write_parquet

VERDICTS = (build.ACCEPTED, build.FILTERED, build.QUARANTINED, build.DUPLICATE, build.SUPPRESSED)
UNREADABLE, UNMAPPABLE = "unreadable_file", "mapping_does_not_fit"


@dataclass(frozen=True)
class Unit:
    """The records one mapping made of one file, and where each of its rows went."""

    channel: str
    contract: str
    mapping: int
    file_seq: int
    file_day: date
    records: Path
    quarantine: Path
    fingerprint: str
    min_arrived: date | None
    max_arrived: date | None
    counts: dict[str, int]
    problem: str | None = None

    @property
    def received(self) -> int:
        return sum(self.counts.values())


def record_units(
    context: Context,
    channel: Channel,
    raws: list[RawFile],
    suppressions: pa.Table,
    progress: Callable[[str], None] = lambda text: None,
) -> list[Unit]:
    """Every unit of a channel, making those that are not stored or stale, in the order of receipt.

    A restated file makes the later files of its channel stale, because their duplicates depend on it.
    """
    with context.engine() as engine:
        return _units(context, engine, channel, raws, suppressions, progress)


def _units(
    context: Context,
    engine: DuckDBEngine,
    channel: Channel,
    raws: list[RawFile],
    suppressions: pa.Table,
    progress: Callable[[str], None],
) -> list[Unit]:
    units: list[Unit] = []
    for mapping in channel.mappings:
        earlier: list[Unit] = []
        for raw in raws:
            unit = _unit(context, engine, channel, mapping, raw, earlier, suppressions, progress)
            units.append(unit)
            earlier.append(unit)
    return units


def record_schema(contract: InputContract) -> pa.Schema:
    """The Arrow schema of stored records of a contract."""
    types = {f.name: f.type for f in contract.fields} | {name: kind for name, kind, _ in contract.derived}
    simple = {
        "VARCHAR": pa.string(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
    }
    return pa.schema(
        [
            pa.field(name, arrow_type(types[name]) if name in types else simple[duckdb])
            for name, duckdb in build.record_columns(contract).items()
        ]
    )


def _unit(
    context: Context,
    engine: DuckDBEngine,
    channel: Channel,
    mapping: Mapping,
    raw: RawFile,
    earlier: list[Unit],
    suppressions: pa.Table,
    progress: Callable[[str], None],
) -> Unit:
    fingerprint = fingerprint_of(
        logic_version(),
        raw.fingerprint,
        channel.id_space,
        context.workspace.inputs[mapping.contract],
        context.workspace.settings.country,
        context.workspace.settings.timezone,
        context.workspace.settings.currency,
        earlier[-1].fingerprint if earlier else None,
        suppressions.num_rows and fingerprint_of(suppressions.to_pydict()),
    )
    paths = _paths(context, channel, mapping, raw)
    stored = _stored(channel, mapping, raw, paths)
    if stored is not None and stored.fingerprint == fingerprint:
        return stored
    progress(f"{channel.name}: {raw.entry.path} → {mapping.id}")
    unit = _make(context, engine, channel, mapping, raw, earlier, suppressions, fingerprint, paths)
    _write_meta(unit)
    return unit


def _make(
    context: Context,
    engine: DuckDBEngine,
    channel: Channel,
    mapping: Mapping,
    raw: RawFile,
    earlier: list[Unit],
    suppressions: pa.Table,
    fingerprint: str,
    paths: tuple[Path, Path],
) -> Unit:
    def unit(counts: dict[str, int], problem: str | None = None, days: tuple[date | None, date | None] = (None, None)) -> Unit:
        known = dict.fromkeys(VERDICTS, 0) | counts
        return Unit(
            channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, *paths,
            fingerprint, *days, known, problem,
        )  # fmt: skip

    contract = context.workspace.inputs[mapping.contract]
    if raw.error is not None:
        _write_file_fault(engine, paths[1], channel, mapping, raw, UNREADABLE, raw.error)
        write_parquet(paths[0], _empty(record_schema(contract)), record_schema(contract), mode=0o600)
        return unit({}, raw.error)
    try:
        compiled = compile_unit(context.workspace, channel, mapping, list(raw.columns), raw.entry)
    except SatuError as problem:
        _write_file_fault(engine, paths[1], channel, mapping, raw, UNMAPPABLE, str(problem))
        write_parquet(paths[0], _empty(record_schema(contract)), record_schema(contract), mode=0o600)
        rejected = {build.QUARANTINED: raw.rows + len(raw.rejects)}
        return unit(rejected, str(problem))
    engine.attach("raw", [raw.path])
    engine.put("suppressions", suppressions)
    _attach_earlier(engine, earlier)
    fault = row_fault_sql(contract, build.failures(contract))
    engine.materialise("tagged", build.tagged_rows_sql(compiled, fault))
    columns = ", ".join(f'"{name}"' for name in build.record_columns(contract))
    rows = engine.reader(
        f"SELECT {columns} FROM tagged WHERE verdict = '{build.ACCEPTED}' ORDER BY arrived, line"
    )
    write_parquet(paths[0], rows, record_schema(contract), mode=0o600)
    counts = {
        row["verdict"]: row["n"]
        for row in engine.fetch("SELECT verdict, COUNT(*) AS n FROM tagged GROUP BY verdict").to_pylist()
    }
    counts[build.QUARANTINED] = counts.get(build.QUARANTINED, 0) + len(raw.rejects)
    _write_quarantine(engine, paths[1], channel, mapping, raw, contract)
    days = engine.fetch(
        f"SELECT MIN(arrived) AS a, MAX(arrived) AS b FROM tagged WHERE verdict = '{build.ACCEPTED}'"
    ).to_pylist()[0]
    return unit(counts, None, (days["a"], days["b"]))


def _attach_earlier(engine: DuckDBEngine, earlier: list[Unit]) -> None:
    schema = pa.schema([("row_hash", pa.int64()), ("dup_no", pa.int32()), ("arrived", pa.date32())])
    engine.attach("earlier", [u.records for u in earlier if u.counts[build.ACCEPTED]], schema)


def _write_quarantine(
    engine: DuckDBEngine, path: Path, channel: Channel, mapping: Mapping, raw: RawFile, contract: InputContract
) -> None:
    """Rows that broke a rule, with the rows the reader could not read, in one file."""
    texts = fault_texts(contract)
    engine.put(
        "fault_texts",
        pa.table(
            {
                "rule": pa.array([t.rule for t in texts], pa.string()),
                "column_name": pa.array([t.column for t in texts], pa.string()),
                "reason": pa.array([t.reason_en for t in texts], pa.string()),
                "fix": pa.array([t.fix_en for t in texts], pa.string()),
            }
        ),
    )
    engine.put("rejects", _rejects(raw, mapping))
    table = load_table("quarantine")
    names = (literal(channel.name), literal(raw.entry.path), literal(mapping.id))
    sql = f"""
SELECT {names[0]} AS channel, {names[1]} AS file, t.line, {names[2]} AS contract,
    NULLIF(split_part(t.fault, '|', 2), '') AS column_name, split_part(t.fault, '|', 1) AS rule,
    COALESCE(f.reason, 'the row breaks a rule') AS reason,
    COALESCE(f.fix, 'correct the row and replay') AS fix,
    t.arrived AS arrived_on, CAST(to_json(r) AS VARCHAR) AS raw_row
FROM tagged AS t
INNER JOIN raw AS r ON r._line = t.line
LEFT JOIN fault_texts AS f
    ON f.rule = split_part(t.fault, '|', 1) AND COALESCE(f.column_name, '') = split_part(t.fault, '|', 2)
WHERE t.verdict = '{build.QUARANTINED}'
UNION ALL
SELECT {names[0]}, {names[1]}, line, {names[2]}, column_name, rule, reason, fix,
    DATE '{raw.entry.file_day.isoformat()}', raw_row
FROM rejects
"""
    columns = ", ".join(table.column_names)
    rows = engine.reader(f"SELECT {columns} FROM ({sql}) ORDER BY line, contract, rule, column_name")
    write_parquet(path, rows, arrow_schema(table), mode=0o600)


def _rejects(raw: RawFile, mapping: Mapping) -> pa.Table:
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


def _write_file_fault(
    engine: DuckDBEngine, path: Path, channel: Channel, mapping: Mapping, raw: RawFile, rule: str, reason: str
) -> None:
    """One quarantine entry for a whole file."""
    schema = arrow_schema(load_table("quarantine"))
    row = {
        "channel": channel.name,
        "file": raw.entry.path,
        "line": 0,
        "contract": mapping.id,
        "column_name": None,
        "rule": rule,
        "reason": reason,
        "fix": "correct the file or the contract; the next run reads it again",
        "arrived_on": raw.entry.file_day,
        "raw_row": None,
    }
    table = pa.Table.from_pylist([row], schema=schema)
    write_parquet(path, pa.RecordBatchReader.from_batches(schema, table.to_batches()), schema, mode=0o600)


def _empty(schema: pa.Schema) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(schema, [])


def _paths(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> tuple[Path, Path]:
    vault = private_dir(context.workspace.warehouse / "vault")
    name = f"{raw.entry.file_hash}.{mapping.number}.parquet"
    paths = []
    for kind in ("records", "quarantine"):
        private_dir(vault / kind)
        private_dir(vault / kind / mapping.contract)
        paths.append(private_dir(vault / kind / mapping.contract / channel.name) / name)
    return paths[0], paths[1]


def _stored(channel: Channel, mapping: Mapping, raw: RawFile, paths: tuple[Path, Path]) -> Unit | None:
    try:
        meta = json.loads(paths[0].with_suffix(".json").read_bytes())
    except FileNotFoundError:
        return None
    if not all(path.is_file() for path in paths):
        return None
    days = [None if meta[key] is None else date.fromisoformat(meta[key]) for key in ("min_arrived", "max_arrived")]
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, *paths,
        meta["fingerprint"], *days, meta["counts"], meta["problem"],
    )  # fmt: skip


def _write_meta(unit: Unit) -> None:
    content = {
        "fingerprint": unit.fingerprint,
        "min_arrived": None if unit.min_arrived is None else unit.min_arrived.isoformat(),
        "max_arrived": None if unit.max_arrived is None else unit.max_arrived.isoformat(),
        "counts": unit.counts,
        "problem": unit.problem,
    }
    write_atomic(unit.records.with_suffix(".json"), json.dumps(content, indent=1).encode(), 0o600)
