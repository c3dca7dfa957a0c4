"""export: lists of people, through the one door."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.shared import as_json, opened, print_json
from pipelines.exporting import export_list


@click.command()
@click.argument("name", metavar="LIST")
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV, XLSX, Parquet or JSON by its ending; a bare name goes to <home>/exports.",
)
@click.option(
    "--channel",
    metavar="NAME",
    help="Only who may be contacted through it [default: each by the preferred one].",
)
@click.option(
    "--columns", default="", metavar="A,B", help="Further fields, where their purpose is the list's."
)
@as_json
def export(name: str, path: Path, channel: str | None, columns: str, as_json: bool) -> int:
    """Write a list for the tool that sends: only who may be contacted, each with the one address allowed.

    LIST is a segment or `enrichment_queue`. The export is recorded with its purpose.
    """
    wanted = [column.strip() for column in columns.split(",") if column.strip()]
    done = export_list(opened(), name, path, channel, wanted)
    if as_json:
        print_json(done.__dict__)
        return 0
    print(f"{done.path}")
    print(
        f"  {done.people:,} of {done.members:,} people in the list may be contacted for {done.purpose}"
        f" as of {done.as_of}; {done.rows:,} rows"
    )
    return 0


COMMANDS = (export,)
