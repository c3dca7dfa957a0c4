"""quarantine list, quarantine replay: rows that could not be accepted, and what a fix brings in."""

from __future__ import annotations

import click

from assets.quarantine import brought_in, stored_units, waiting_rows
from pipelines.cli.shared import as_json, home, opened, print_json, print_rows, tell
from pipelines.running import bring_in, run_days
from warehouse.publish import current_release

SHOWN = ["channel", "file", "line", "contract", "reason", "fix"]


@click.group()
def quarantine() -> None:
    """Rows that could not be accepted."""


@quarantine.command("list")
@as_json
@click.option("--limit", type=int, default=50, show_default=True, help="Rows to show; --json shows all.")
@click.option("--all", "with_replaced", is_flag=True, help="Also rows of files delivered again corrected.")
def quarantine_list(as_json: bool, limit: int, with_replaced: bool) -> int:
    """Every row still in quarantine: where it is, what is wrong, what to do. The row itself is not shown."""
    rows = waiting_rows(opened(), with_replaced)
    if as_json:
        print_json(rows.to_pylist())
    elif rows.num_rows == 0:
        print("Nothing is in quarantine.")
    else:
        print_rows(rows.slice(0, limit).select(SHOWN), "table")
        if rows.num_rows > limit:
            tell(f"{rows.num_rows - limit:,} more; use --limit or --json")
    return 0


@quarantine.command("replay")
@as_json
def quarantine_replay(as_json: bool) -> int:
    """After a fix: read rows in quarantine again, under the day they arrived, and make the release anew."""
    context = opened()
    before, waited = stored_units(context), waiting_rows(context).num_rows
    registration = bring_in(context, lambda text: tell(f"  {text}"))
    after = stored_units(context)
    found = brought_in(before, after)
    waiting = waiting_rows(context).num_rows
    release = current_release(context.workspace.warehouse)
    new = {(entry.channel, entry.seq) for entry in registration.new}
    days = [*found.days, *(unit.first_day for unit in after if (unit.channel, unit.file_seq) in new)]
    rebuilt = release is not None and any(day <= release.as_of for day in days)
    if release is not None and rebuilt:
        tell(f"building the tables of {release.as_of} ...")
        outcome = run_days(home(), release.as_of, release.as_of)
        for problem in outcome.problems:
            tell(f"satu: {problem}")
        if not outcome.succeeded:
            tell("satu: the night failed; the last release is untouched")
            return 1
    result = {
        "brought_in": found.rows,
        "arrived_on": [day.isoformat() for day in found.days],
        "new_files": len(registration.new),
        "still_in_quarantine": waiting,
        "rebuilt": release.as_of.isoformat() if release is not None and rebuilt else None,
    }
    if as_json:
        print_json(result)
        return 0
    for channel, count in sorted(found.rows.items()):
        print(f"{channel}: {count:,} row(s) came in")
    if not found.rows:
        print("No row came in.")
    print(f"{waiting:,} row(s) still in quarantine, {waited:,} before")
    if release is not None and not rebuilt:
        print(f"Nothing of it arrived by {release.as_of}: the release stays as it is")
    if registration.new:
        print(f"{len(registration.new):,} new file(s) were read; `satu run` makes days after the release")
    if found.days:
        print(f"They arrived from {found.days[0]} to {found.days[-1]}; `satu backfill` renews earlier days")
    return 0


COMMANDS = (quarantine,)
