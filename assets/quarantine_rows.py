"""The quarantine of one file: rows that broke a rule and lines the reader could not read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from assets.bronze import RawFile
from data_quality.row_rules import DEFAULT_FIX, fault_texts
from transforms.records import build
from transforms.records.retention import MARK
from warehouse.channels import Channel, Mapping
from warehouse.contracts import InputContract, arrow_schema, load_table
from warehouse.engine import Engine, literal
from warehouse.store import write_parquet


def write_quarantine(engine: Engine, path: Path, channel: Channel, mapping: Mapping, raw: RawFile) -> None:
    """Rows that broke a rule, with the rows the reader could not read, in one file."""
    engine.put("rejects", _rejects(raw))
    table = load_table("quarantine")
    whole_rows = f"SELECT * EXCLUDE ({MARK}) FROM raw" if raw.expired else "FROM raw"
    names = (literal(channel.name), literal(raw.entry.path), literal(mapping.id))
    sql = f"""
SELECT {names[0]} AS channel, {names[1]} AS file, t.source_line AS line, t.line AS row_no,
    {names[2]} AS contract,
    NULLIF(split_part(t.fault, '|', 2), '') AS column_name, split_part(t.fault, '|', 1) AS rule,
    COALESCE(f.reason, 'the row breaks a rule') AS reason,
    COALESCE(f.fix, {literal(DEFAULT_FIX.en)}) AS fix,
    t.arrived AS arrived_on, CAST(to_json(r) AS VARCHAR) AS raw_row
FROM tagged AS t
INNER JOIN ({whole_rows}) AS r ON r._row = t.line AND r._file_hash = {literal(raw.entry.file_hash)}
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


def fault_table(contract: InputContract) -> pa.Table:
    """What people are told of every fault of a contract, by its code."""
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
