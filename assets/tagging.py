"""The rows of raw files judged for one mapping: what becomes of each, in an engine, nothing written yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa

from assets.bronze import RawFile
from assets.configuration import suppressions as suppressed_people
from assets.context import Context
from assets.mapping import compile_unit
from assets.quarantine_rows import fault_table
from assets.units import Unit
from data_quality.row_rules import row_fault_sql, warnings_sql
from transforms.records import build
from transforms.records.retention import had_gone_sql
from warehouse.channels import Channel, Mapping
from warehouse.engine import Engine, read_parquet
from warehouse.errors import SatuError

EARLIER = pa.schema([("row_hash", pa.int64()), ("dup_no", pa.int32()), ("arrived", pa.date32())])


def accepted_days(
    context: Context, engine: Engine, channel: Channel, mapping: Mapping, raw: RawFile, before: list[Unit]
) -> tuple[date | None, date | None]:
    """The first and the last day of the rows of a file that would be accepted; nothing is written.

    The rows lie in the engine as `raw`; `before` are the units of files received earlier.
    """
    suppressions = suppressed_people(context)
    try:
        compiled = compiled_for(context, channel, mapping, raw, suppressions)
    except SatuError:
        return None, None
    put_earlier(engine, mapping, before, [])
    tag(context, engine, mapping, compiled, [raw], suppressions)
    (days,) = engine.fetch(
        f"SELECT MIN(arrived) AS first, MAX(arrived) AS last FROM tagged WHERE verdict = '{build.ACCEPTED}'"
    ).to_pylist()
    engine.drop("tagged")
    return days["first"], days["last"]


def compiled_for(
    context: Context, channel: Channel, mapping: Mapping, raw: RawFile, suppressions: pa.Table
) -> build.RecordUnit:
    """The mapping as it reads files of the layout of `raw`."""
    return replace(
        compile_unit(context.workspace, channel, mapping, list(raw.columns)),
        suppressing=frozenset(suppressions.column("kind").to_pylist()),
        warnings=tuple(warnings_sql(context.workspace.inputs[mapping.contract])),
        is_marked=bool(raw.expired),
    )


def tag(
    context: Context,
    engine: Engine,
    mapping: Mapping,
    compiled: build.RecordUnit,
    raws: list[RawFile],
    suppressions: pa.Table,
) -> None:
    """`tagged`: every row of the view `raw` with its verdict."""
    contract = context.workspace.inputs[mapping.contract]
    engine.put("files", file_table(raws))
    engine.put("suppressions", suppressions)
    engine.put("fault_texts", fault_table(contract))
    fault = row_fault_sql(contract, build.failures(contract))
    engine.materialise("tagged", build.tagged_rows_sql(compiled, fault))


def put_earlier(engine: Engine, mapping: Mapping, units: list[Unit], raws: list[RawFile]) -> None:
    """`earlier`: rows accepted from the files received before, also those that are kept no longer."""
    accepted = [unit.records for unit in units if unit.counts[build.ACCEPTED]]
    marked = [raw.path for raw in raws[: len(units)] if raw.expired]
    parts = [f"SELECT row_hash, dup_no, arrived FROM {read_parquet(accepted)}"] if accepted else []
    if marked:
        parts.append(
            f"SELECT _row_hash, CAST(1 AS INTEGER), _arrived FROM {read_parquet(marked, by_name=True)}"
            f" WHERE {had_gone_sql(mapping.id)} = '{build.EXPIRED}'"
        )
    if parts:
        engine.define("earlier", " UNION ALL ".join(parts))
    else:
        engine.put("earlier", EARLIER.empty_table())


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
