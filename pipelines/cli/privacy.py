"""privacy record, privacy affected: what is processed of whom and why; who must be told when it got out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from pipelines.breach import Scope, affected_by, noticed_at, summary, write_list
from pipelines.cli.shared import as_json, opened, print_json, tell, to_day
from pipelines.processing_page import processing_html
from pipelines.processing_record import processing_record
from warehouse.errors import ConfigError, InputError
from warehouse.files import write_atomic

PAGE = "processing.html"


@click.group()
def privacy() -> None:
    """What the law asks of who processes personal data."""


@privacy.command("record")
@as_json
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="Where to write the page [default: <home>/docs]."
)
def privacy_record(as_json: bool, folder: Path | None) -> int:
    """The record of processing, made from the configuration and the pipeline itself; the page, or JSON."""
    context = opened()
    record = processing_record(context)
    if as_json:
        print_json(record)
        return 0
    target = folder or context.workspace.home / "docs"
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target.name} is a file", fix="name a folder")
    target.mkdir(parents=True, exist_ok=True)
    write_atomic(target / PAGE, processing_html(record).encode())
    print(target / PAGE)
    missing = sorted({a["channel"] for a in record["activities"] if a["legal_basis"] is None})
    if missing:
        tell(f"no `legal_basis` is declared in: {', '.join(missing)}")
    return 0


@privacy.command("affected")
@as_json
@click.option("--file", "file", metavar="PATH", help="A delivered file: its path, its name, or a copy of it.")
@click.option("--channel", metavar="NAME", help="All files of a channel.")
@click.option("--table", metavar="NAME", help="A table, as the release or the days given hold it.")
@click.option("--from", "first", metavar="DATE", help="First day of arrival, or of the table.")
@click.option("--until", "last", metavar="DATE", help="Last day.")
@click.option("--noticed", metavar="TIME", help="When it was noticed, for the deadline of the notice.")
@click.option(
    "--to",
    "path",
    type=click.Path(path_type=Path),
    help="Write whom to tell and where: .csv, .xlsx, .parquet or .json.",
)
def privacy_affected(
    as_json: bool,
    file: str | None,
    channel: str | None,
    table: str | None,
    first: str | None,
    last: str | None,
    noticed: str | None,
    path: Path | None,
) -> int:
    """Who is affected when a file, a channel or a table got out: counts, kinds of data, the deadline."""
    named = {"file": file, "channel": channel, "table": table}
    given = [(kind, name) for kind, name in named.items() if name is not None]
    if len(given) != 1:
        raise InputError("what got out is not clear", fix="give one of --file, --channel and --table")
    context = opened()
    first_day = date.min if first is None else to_day(first)
    last_day = date.max if last is None else to_day(last)
    scope = Scope(*given[0], first_day, last_day)
    moment = None if noticed is None else noticed_at(context, noticed)
    found, fields = affected_by(context, scope)
    told = summary(context, scope, found, fields, moment)
    if path is not None:
        write_list(context, path, found.people, told)
    if as_json:
        print_json(told)
    else:
        _say(told)
    return 0


def _say(told: dict[str, Any]) -> None:
    unreached = told["customers"] - told["reached_in_writing"]
    print(f"{told['customers']:,} customers are affected ({told['rows']:,} rows, release of {told['as_of']})")
    print(f"  children           {told['children']:,}")
    print(f"  specific data      {'yes' if told['has_specific_data'] else 'no'}")
    for privacy, names in told["fields"].items():
        print(f"  {privacy:<18} {', '.join(names)}")
    print(f"  rows of nobody     {told['rows_of_nobody']:,}")
    print(f"  no written address {unreached:,}{': tell the public as well' if unreached else ''}")
    if told["notice_by"] is not None:
        print(f"Notice to the persons and the authority by {told['notice_by']} (3 x 24 hours)")


COMMANDS = (privacy,)
