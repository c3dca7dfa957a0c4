"""`satu check`: do contracts and files fit, and what would be read, without keeping anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from assets.configuration import pair_decisions
from assets.contact_rules import read_blacklist
from assets.context import Context
from assets.mapping import check_mapping, compile_unit, unread_columns
from assets.pulling import sample
from assets.registering import taken_files
from transforms.records.cells import cells_sql
from warehouse.channels import Channel
from warehouse.engine import Engine
from warehouse.errors import ConfigError, SatuError
from warehouse.landing import LandingTable, read_file

NEWEST_FILES, ROWS_PER_FILE = 3, 100_000
NAMED_IN_A_SENTENCE = 5


@dataclass(frozen=True)
class CheckReport:
    """Problems as sentences; per channel, contract and mapped field how many cells were filled or unusable;
    per channel how many lines could not be read at all and which columns no mapping reads; registered fields
    that no channel maps."""

    problems: list[str]
    fields: list[dict[str, Any]] = field(default_factory=list)
    unreadable_lines: dict[str, int] = field(default_factory=dict)
    unread_columns: dict[str, list[str]] = field(default_factory=dict)
    unused_fields: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """The last word, in one sentence."""
        if self.problems:
            return f"{len(self.problems)} thing(s) to correct, see above."
        cells = {
            f"{row['channel']} {row['contract']}.{row['field']}": row["unusable"]
            for row in self.fields
            if row["unusable"]
        }
        lines = {channel: count for channel, count in self.unreadable_lines.items() if count}
        lost = []
        if cells:
            count = f"{sum(cells.values()):,} cell(s) in {len(cells)} field(s)"
            lost.append(f"{count} cannot be used: {_named(cells)}")
        if lines:
            lost.append(f"{sum(lines.values()):,} line(s) cannot be read: {_named(lines)}")
        return f"Everything fits, but {'; '.join(lost)}." if lost else "Everything fits."

    @property
    def unused(self) -> list[str]:
        """What is collected without use, in sentences: the less is collected, the less can be lost."""
        said = []
        if self.unused_fields:
            said.append(f"registered, but mapped by no channel: {', '.join(self.unused_fields)}")
        for channel, columns in self.unread_columns.items():
            named = ", ".join(f"`{name}`" for name in columns[:NAMED_IN_A_SENTENCE])
            more = len(columns) - NAMED_IN_A_SENTENCE
            rest = f" and {more} more" if more > 0 else ""
            said.append(f"{channel}: no mapping reads {named}{rest}; leave them out of the export")
        return said


def check_workspace(context: Context) -> CheckReport:
    """Look at the newest files of every channel (at most 100,000 rows of each), or at rows of its source.

    Nothing in the warehouse is touched, so that a check needs no lock and may run beside a night.
    """
    report = CheckReport([])
    problems = [str(problem) for problem in context.workspace.problems]
    if not context.workspace.channels:
        problems.append(
            "no channel is declared yet; run `satu channel suggest FILE` and save it under channels/"
        )
    problems += _check_decisions(context)
    with TemporaryDirectory(prefix="satu-check-") as spill, context.engine(Path(spill)) as engine:
        for channel in context.workspace.channels.values():
            found = _check_channel(context, engine, channel, report, Path(spill))
            problems += [str(problem) for problem in found]
    report.problems.extend(dict.fromkeys(problems))
    report.unused_fields.extend(_unused_fields(context))
    return report


def _check_decisions(context: Context) -> list[str]:
    """A wrong line in a steward's file would stop the night; of each file the first one is named."""
    problems = []
    for read in (pair_decisions, read_blacklist):
        try:
            read(context)
        except ConfigError as problem:
            problems.append(str(problem))
    return problems


def _check_channel(
    context: Context, engine: Engine, channel: Channel, report: CheckReport, scratch: Path
) -> list[SatuError]:
    try:
        found = _files_of(context, channel, scratch)
    except SatuError as problem:
        return [problem]
    counts: dict[tuple[str, str], dict[str, Any]] = {}
    problems: list[SatuError] = []
    for path in found[-NEWEST_FILES:]:
        try:
            table = read_file(path, channel.source.options, channel.source.format)
            misfits = check_mapping(context.workspace, channel, table.columns)
            if misfits:
                name = "its source" if channel.source.pull else path.relative_to(context.workspace.home)
                problems += [ConfigError(f"{misfit} (looking at {name})") for misfit in misfits]
                continue
            engine.put("raw", _first_rows(table))
        except SatuError as unreadable:
            unreadable.file = None if channel.source.pull else path.relative_to(context.workspace.home)
            problems.append(unreadable)
            continue
        lines = report.unreadable_lines.get(channel.name, 0) + len(table.rejects)
        report.unreadable_lines[channel.name] = lines
        unread = unread_columns(context.workspace, channel, table.columns)
        if unread:
            report.unread_columns[channel.name] = unread
        _count(context, engine, channel, table.columns, counts)
    report.fields.extend(counts.values())
    return problems


def _files_of(context: Context, channel: Channel, scratch: Path) -> list[Path]:
    """What a channel has delivered, or would now; ConfigError when there is nothing."""
    if channel.source.pull is not None:
        found = sample(context, channel, scratch)
        said, fix = "its source can be reached and has no rows", "see that it is the one that is meant"
    else:
        found = taken_files(context, channel)
        said, fix = f"no file matches {channel.source.path}", "put files there or correct `source.path`"
    if not found:
        raise ConfigError(said, file=channel.file, fix=fix)
    return found


def _unused_fields(context: Context) -> list[str]:
    mapped = {
        (mapping.contract, entry.field)
        for channel in context.workspace.channels.values()
        for mapping in channel.mappings
        for entry in mapping.fields
    }
    return [
        f"{contract.name}.{entry.name}"
        for contract in context.workspace.inputs.values()
        for entry in contract.fields
        if entry.added and (contract.name, entry.name) not in mapped
    ]


def _first_rows(table: LandingTable) -> pa.Table:
    batches, rows = [], 0
    for batch in table.batches():
        batches.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_FILE:
            break
    return pa.Table.from_batches(batches, schema=table.schema)


def _count(
    context: Context,
    engine: Engine,
    channel: Channel,
    columns: list[str],
    counts: dict[tuple[str, str], dict[str, Any]],
) -> None:
    """Add what each mapping makes of the table `raw`, as if it arrived today, to the counts of its fields."""
    today = datetime.now(context.workspace.settings.zone).date()
    for mapping in channel.mappings:
        unit = compile_unit(context.workspace, channel, mapping, columns)
        row = engine.fetch(cells_sql(unit), {"arrived": today}).to_pylist()[0]
        for name in unit.fields:
            entry = counts.setdefault(
                (mapping.id, name),
                {"channel": channel.name, "contract": mapping.id, "field": name}
                | dict.fromkeys(("files", "rows", "filled", "unusable"), 0),
            )
            entry["files"] += 1
            entry["rows"] += row["rows"]
            entry["filled"] += row[f"filled_{name}"]
            entry["unusable"] += row[f"unusable_{name}"]


def _named(counts: Mapping[str, int]) -> str:
    """The largest first, with their counts."""
    largest = sorted(counts.items(), key=lambda entry: -entry[1])
    named = ", ".join(f"{name} ({count:,})" for name, count in largest[:NAMED_IN_A_SENTENCE])
    more = len(largest) - NAMED_IN_A_SENTENCE
    return f"{named} and {more} more" if more > 0 else named
