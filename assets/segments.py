"""A company's segments, compiled, and their members on a day and at the month-end before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from assets.mapping import empty_engine
from transforms.expressions import Compiled
from transforms.segments import Fact, compile_segment, facts_of
from warehouse.contracts import all_tables
from warehouse.engine import identifier
from warehouse.errors import ConfigError, SatuError
from warehouse.segments import Segment
from warehouse.workspace import Workspace


def with_usable_segments(workspace: Workspace) -> Workspace:
    """The workspace with the segments whose conditions can be computed; the others are in its `problems`."""
    if not workspace.segments:
        return workspace
    facts, problems = segment_facts(workspace), list(workspace.problems)
    usable: dict[str, Segment] = {}
    for segment in workspace.segments.values():
        try:
            _compiled(segment, facts, workspace.settings.timezone)
            usable[segment.name] = segment
        except SatuError as problem:
            problems.append(problem)
    return replace(workspace, segments=usable, problems=tuple(problems))


def segment_facts(workspace: Workspace) -> dict[str, Fact]:
    """What conditions may speak of, by name."""
    settings = workspace.settings
    horizons = {"clv": settings.clv_horizon_days, "churn": settings.churn_horizon_days}
    return facts_of(all_tables(), horizons)


def compiled_segments(workspace: Workspace) -> dict[str, Compiled]:
    """The conditions of all segments as SQL, by name."""
    facts, zone = segment_facts(workspace), workspace.settings.timezone
    return {name: _compiled(segment, facts, zone) for name, segment in workspace.segments.items()}


def _compiled(segment: Segment, facts: Mapping[str, Fact], timezone: str) -> Compiled:
    try:
        compiled = compile_segment(segment.where.text(), facts, timezone)
        _try_out(compiled, segment.where.text(), facts)
    except ConfigError as problem:
        raise segment.where.error(f"where: {problem.message}", problem.fix or "") from None
    return compiled


def _try_out(compiled: Compiled, where: str, facts: Mapping[str, Fact]) -> None:
    """ConfigError when the engine would refuse the condition, such as for a function's missing argument."""
    columns = ", ".join(f"CAST(NULL AS {fact.type}) AS {identifier(fact.name)}" for fact in facts.values())
    with empty_engine().cursor() as con:
        try:
            con.execute(f"SELECT {compiled.sql} FROM (SELECT {columns}) AS nobody")
        except duckdb.Error as problem:
            reason = str(problem).splitlines()[0].partition(": ")[2]
            raise ConfigError(f"`{where}` cannot be computed: {reason}", fix="see docs/segments.md") from None
