"""status, alert: whether last night was good, and who is told when it was not."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipelines.alerts import NIGHT_FAILED, NIGHT_LATE, TEST, ways_of
from pipelines.cli.shared import alarm, as_json, opened, print_json
from pipelines.last_night import FAILED, GOOD
from pipelines.status import status_of, status_text
from warehouse.errors import ConfigError


@click.command()
@as_json
@click.option("--check", "checking", is_flag=True, help="Exit with 1 unless last night was good.")
@click.option("--alert", "alerting", is_flag=True, help="Send the alert unless last night was good.")
def status(as_json: bool, checking: bool, alerting: bool) -> int:
    """Whether last night was good, what failed and what to do; checks, quarantine, stale days, disk."""
    context = opened()
    said = status_of(context, datetime.now(UTC))
    if alerting and said["state"] != GOOD:
        event = NIGHT_FAILED if said["state"] == FAILED else NIGHT_LATE
        alarm(
            context, event, None, [status_text(said).splitlines()[0], *(e["problem"] for e in said["failed"])]
        )
    if as_json:
        print_json(said)
    else:
        print(status_text(said))
    return int(checking and said["state"] != GOOD)


@click.command("alert")
def alert() -> int:
    """Send a test message the way alerts are sent (`alerts` in satu.yaml)."""
    context = opened()
    ways = ways_of(context.workspace.settings.operations.alerts)
    if not ways:
        raise ConfigError("there is no `alerts`", file="satu.yaml", fix="see docs/operations.md")
    if alarm(context, TEST, None, ["Nothing is wrong: this is what an alert looks like."]):
        return 1
    print(f"sent by {' and '.join(ways)}")
    return 0


COMMANDS = (status, alert)
