"""run, backfill: nights and ranges of nights."""

from __future__ import annotations

import time
from datetime import date

import click

from assets.context import Context
from assets.pulling import pull_all
from pipelines.alerts import NIGHT_FAILED, SOURCE_AWAY
from pipelines.cli.shared import alarm, alarming, as_json, home, opened, print_json, tell, tell_part, to_day
from pipelines.dry_run import dry_run, dry_run_text
from pipelines.logs import note
from pipelines.running import bring_in, latest_arrival, run_days
from pipelines.summary import morning_summary, summary_text
from warehouse.nights import noting_failure


@click.command()
@click.option("--as-of", metavar="DATE", help="The day to build [default: the latest day anything arrived].")
@click.option("--dry-run", "only_tell", is_flag=True, help="Say what would be done; nothing is written.")
@as_json
def run(as_of: str | None, only_tell: bool, as_json: bool) -> int:
    """One night: everything from landing to the release, then a morning summary."""
    day = None if as_of is None else to_day(as_of)
    context = opened()
    if only_tell:
        told = dry_run(context, day)
        print_json(told) if as_json else print(dry_run_text(told))
        return 0
    refuse_empty(context)
    began = time.monotonic()
    with alarming(context, NIGHT_FAILED, day):
        with noting_failure(context.workspace.warehouse, day):
            away = [end.problem for end in pull_all(context, tell_part) if end.problem is not None]
            tell("reading what has arrived ...")
            registration = bring_in(context, tell_part)
            day = latest_arrival(context) if day is None else day
        tell(f"building the tables of {day} ...")
        outcome = run_days(home(), day, day)
    for problem in outcome.problems:
        tell(f"satu: {problem}")
    if not outcome.succeeded:
        tell("satu: the night failed; the last release is untouched")
        alarm(context, NIGHT_FAILED, day, [*outcome.problems, *away])
        return _ended(day, began, code=1)
    if away:
        alarm(context, SOURCE_AWAY, day, away)
    summary = morning_summary(opened(), day, registration)
    if as_json:
        print_json(summary)
    else:
        print(summary_text(summary))
    return _ended(day, began, code=0)


def _ended(day: date, began: float, code: int) -> int:
    seconds = round(time.monotonic() - began, 1)
    note("night_ended", "error" if code else "info", day=day.isoformat(), seconds=seconds, exit_code=code)
    return code


@click.command()
@click.argument("first", metavar="FROM")
@click.argument("last", metavar="TO")
def backfill(first: str, last: str) -> int:
    """The same for every day FROM .. TO, each day standing or falling alone."""
    days = to_day(first), to_day(last)
    context = opened()
    refuse_empty(context)
    bring_in(context, tell_part)
    outcome = run_days(home(), *days)
    for problem in outcome.problems:
        tell(f"satu: {problem}")
    count = (days[1] - days[0]).days + 1
    ending = "done" if outcome.succeeded else "some failed, see above"
    print(f"{count} day(s) from {days[0]} to {days[1]}: {ending}")
    return 0 if outcome.succeeded else 1


def refuse_empty(context: Context) -> None:
    """Say what is wrong with single contracts before anything runs; the rest goes on."""
    for problem in context.workspace.problems:
        tell(f"satu: left out: {problem}")
    if not context.workspace.channels:
        tell("satu: no channel is declared yet; see `satu channel suggest FILE`")


COMMANDS = (run, backfill)
