"""`satu run --dry-run`: what the night would find, make and leave stale, without writing anything."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from assets.configuration import fit_day, previous_month_end
from assets.context import Context
from assets.erasure import under_way
from assets.night import day_fingerprint
from assets.pinned_identity import pinned_version
from assets.plan import NewFile, Plan, plan
from assets.pulling import pulled_channels
from assets.tables import workspace_tables
from warehouse.errors import InputError
from warehouse.files import lock_holder
from warehouse.recovery import LOCK

NEW_DELIVERIES = "files have come that were not read yet"
READ_AGAIN = "files or records are read otherwise than when they were stored"
CHANGED = "settings, decisions, models, contracts or code have changed"
NOTHING = "nothing has come or changed since they were made: they come out as they are"
NAMED = 20


def dry_run(context: Context, as_of: date | None) -> dict[str, Any]:
    """What `satu run` would do now. InputError when there is no day to make."""
    found = plan(context)
    day = as_of or _latest_day(context, found)
    days = _stored_days(context)
    tables = workspace_tables(context.workspace)
    marks = {stored: day_fingerprint(context, stored, list(found.units)) for stored in sorted({*days, day})}
    lasting = {name for name, table in tables.items() if table.retention == "forever"}
    stale = {
        stored: sorted(n for n, mark in there.items() if mark != marks[stored] and n not in lasting)
        for stored, there in sorted(days.items())
    }
    return {
        "as_of": day.isoformat(),
        "not_asked": [channel.name for channel in pulled_channels(context)],
        "new_files": [_file(file) for file in found.new_files],
        "refused_files": [f"{refused.path}: {refused.reason}" for refused in found.refused],
        "left_out": [str(problem) for problem in context.workspace.problems],
        "read_again": found.read_again,
        "made_again": found.made_again,
        "tables": {
            "made": len(tables),
            "not_there": sorted(set(tables) - set(days.get(day, {}))),
            "stale": stale.get(day, []),
            "why": _why(found, day) if stale.get(day) else None,
        },
        "because": _because(found, day, days.get(day, {}), len(tables), stale.get(day, [])),
        "first": _first_of_their_kind(context, day),
        "stays_stale": [
            {"as_of": stored.isoformat(), "tables": len(names), "why": _why(found, stored)}
            for stored, names in stale.items()
            if names and stored != day
        ],
        "unfinished_erasure": under_way(context) is not None,
        "at_work": lock_holder(context.workspace.warehouse / LOCK),
    }


def dry_run_text(told: dict[str, Any]) -> str:
    """The same in a few lines."""
    tables = told["tables"]
    made = f"{'again ' if told['because'] == [NOTHING] else ''}the {tables['made']} tables of {told['as_of']}"
    lines = [f"A night now would make {made}. Nothing has been written."]
    lines += [f"  because     {sentence}" for sentence in told["because"]]
    if told["at_work"] is not None:
        lines.append(f"  waits       until process {told['at_work']} is done")
    if told["unfinished_erasure"]:
        lines.append("  first       an erasure that was cut off is finished")
    lines += [f"  first       {sentence}" for sentence in told["first"]]
    if told["not_asked"]:
        lines.append(
            f"  not asked   the sources of {', '.join(told['not_asked'])}: what they hold is not foretold"
        )
    latest_first = sorted(told["new_files"], key=lambda file: str(file["last_day"]), reverse=True)
    lines += [f"  new file    {_file_text(file)}" for file in latest_first[:NAMED]]
    if len(told["new_files"]) > NAMED:
        lines.append(f"  new file    and {len(told['new_files']) - NAMED:,} more")
    lines += [f"  read again  {count:,} file(s) of {name}" for name, count in told["read_again"].items()]
    lines += [
        f"  made again  records of {count:,} file(s): {name}" for name, count in told["made_again"].items()
    ]
    lines.append(f"  tables      {len(tables['not_there'])} not there yet, {_stale_tables(tables)}")
    lines += [f"  refused     {sentence}" for sentence in told["refused_files"]]
    lines += [f"  left out    {sentence}" for sentence in told["left_out"]]
    lines += [
        f"  stays stale {entry['as_of']}: {entry['tables']} tables, because {entry['why']}"
        for entry in told["stays_stale"]
    ]
    if told["stays_stale"]:
        days = [entry["as_of"] for entry in told["stays_stale"]]
        lines.append(f"  then        `satu backfill {days[0]} {days[-1]}` renews these days")
    return "\n".join(lines)


def _latest_day(context: Context, found: Plan) -> date:
    if found.latest_arrival is None:
        raise InputError(
            "no usable row has arrived yet",
            fix="put files into landing/ and run `satu check` to see what is read",
        )
    return min(found.latest_arrival, datetime.now(context.workspace.settings.zone).date())


def _stored_days(context: Context) -> dict[date, dict[str, str]]:
    """Day → table → fingerprint of what is stored."""
    days: dict[date, dict[str, str]] = {}
    for name, table in workspace_tables(context.workspace).items():
        for partition in context.store.partitions(table):
            days.setdefault(partition.as_of, {})[name] = partition.fingerprint
    return days


def _because(
    found: Plan, day: date, there: Collection[str], count_tables: int, stale: Sequence[str]
) -> list[str]:
    """Why the tables of the day are made; what has come later than the day is none of its reasons."""
    reasons = []
    if any(file.first_day <= day for file in found.new_files):
        reasons.append(NEW_DELIVERIES)
    if not there:
        reasons.append("the day has no tables yet")
    elif len(there) < count_tables:
        reasons.append("some of its tables are not there yet")
    if stale and _why(found, day) not in reasons:
        reasons.append(_why(found, day))
    return reasons or [NOTHING]


def _why(found: Plan, day: date) -> str:
    if any(file.first_day <= day for file in found.new_files):
        return NEW_DELIVERIES
    if found.changed_from is not None and found.changed_from <= day:
        return READ_AGAIN
    return CHANGED


def _first_of_their_kind(context: Context, day: date) -> list[str]:
    """What makes this night longer than others."""
    if pinned_version(context) is None:
        return ["the identity model is trained and pinned"]
    folder = context.workspace.models / "value"
    days = [fit_day(context, on) for on in (previous_month_end(day), day)]
    missing: Sequence[date] = [on for on in days if not (folder / f"{on.isoformat()}.json").is_file()]
    return [f"the value models of {on} are fitted" for on in missing]


def _file(file: NewFile) -> dict[str, Any]:
    return {
        "channel": file.entry.channel,
        "path": file.entry.path,
        "first_day": file.first_day.isoformat(),
        "last_day": file.last_day.isoformat(),
        "problem": file.problem,
    }


def _file_text(file: dict[str, Any]) -> str:
    if file["problem"] is not None:
        return f"{file['path']}: to quarantine, {file['problem']}"
    first, last = file["first_day"], file["last_day"]
    return f"{file['path']}: rows of {first if first == last else f'{first} to {last}'}"


def _stale_tables(tables: dict[str, Any]) -> str:
    if tables["why"] is None:
        return "0 stale"
    return f"{len(tables['stale'])} stale, because {tables['why']}"
