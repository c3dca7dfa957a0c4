"""status: whether last night was good."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipelines.cli.shared import as_json, opened, print_json
from pipelines.last_night import GOOD
from pipelines.status import status_of, status_text


@click.command()
@as_json
@click.option("--check", "checking", is_flag=True, help="Exit with 1 unless last night was good.")
def status(as_json: bool, checking: bool) -> int:
    """Whether last night was good, what failed and what to do; checks, quarantine, stale days, disk."""
    said = status_of(opened(), datetime.now(UTC))
    if as_json:
        print_json(said)
    else:
        print(status_text(said))
    return int(checking and said["state"] != GOOD)


COMMANDS = (status,)
