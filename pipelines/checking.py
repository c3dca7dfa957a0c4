"""`satu check`: do contracts and files fit, and what would be read, without keeping anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.context import Context
from assets.mapping import check_mapping, compile_unit
from warehouse.channels import Channel
from warehouse.engine import Engine
from warehouse.errors import ConfigError, SatuError
from warehouse.landing import read_file

NEWEST_FILES, ROWS_PER_FILE = 3, 100_000


@dataclass(frozen=True)
class CheckReport:
    """Problems as sentences, and per channel, contract and field how many cells were filled or unusable."""

    problems: list[str]
    fields: list[dict[str, Any]]


def check_workspace(context: Context) -> CheckReport:
    """Look at the newest files of every channel (at most 100,000 rows of each)."""
    problems = [str(problem) for problem in context.workspace.problems]
    fields: list[dict[str, Any]] = []
    if not context.workspace.channels:
        problems.append(
            "no channel is declared yet; run `satu channel suggest FILE` and save it under channels/"
        )
    with context.engine() as engine:
        for channel in context.workspace.channels.values():
            found = sorted(p for p in context.workspace.home.glob(channel.source.path) if p.is_file())
            if not found:
                problems.append(
                    str(
                        ConfigError(
                            f"no file matches {channel.source.path}", file=channel.file,
                            fix="put files there or correct `source.path`",
                        )
                    )
                )  # fmt: skip
            counts: dict[tuple[str, str], dict[str, Any]] = {}
            for path in found[-NEWEST_FILES:]:
                problems += [str(p) for p in _check_file(context, engine, channel, path, counts)]
            fields += list(counts.values())
    return CheckReport(list(dict.fromkeys(problems)), fields)


def _check_file(
    context: Context,
    engine: Engine,
    channel: Channel,
    path: Path,
    counts: dict[tuple[str, str], dict[str, Any]],
) -> list[SatuError]:
    try:
        table = read_file(path, channel.source.options, channel.source.format)
        problems = check_mapping(context.workspace, channel, table.columns)
        if problems:
            name = path.relative_to(context.workspace.home)
            return [ConfigError(f"{p} (looking at {name})") for p in problems]
        batches, rows = [], 0
        for batch in table.batches():
            batches.append(batch)
            rows += batch.num_rows
            if rows >= ROWS_PER_FILE:
                break
    except SatuError as unreadable:
        return [unreadable]
    engine.put("raw", pa.Table.from_batches(batches, schema=table.schema))
    for mapping in channel.mappings:
        unit = compile_unit(context.workspace, channel, mapping, table.columns)
        parts = [
            f"COUNT({f.sql}) AS filled_{field},"
            f" COUNT(*) FILTER (WHERE {f.failed or 'FALSE'}) AS unusable_{field}"
            for field, f in unit.fields.items()
        ]
        where = f"WHERE ({unit.where}) IS NOT FALSE" if unit.where else ""
        row = engine.fetch(f"SELECT COUNT(*) AS rows, {', '.join(parts)} FROM raw {where}").to_pylist()[0]
        for field in unit.fields:
            entry = counts.setdefault(
                (mapping.id, field),
                {"channel": channel.name, "contract": mapping.id, "field": field}
                | dict.fromkeys(("files", "rows", "filled", "unusable"), 0),
            )
            entry["files"] += 1
            entry["rows"] += row["rows"]
            entry["filled"] += row[f"filled_{field}"]
            entry["unusable"] += row[f"unusable_{field}"]
    return []
