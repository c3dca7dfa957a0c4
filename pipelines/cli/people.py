"""access, export: what is known of a person, and lists of people through the one door."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipelines.access_files import write_access
from pipelines.cli.shared import as_json, opened, print_json
from pipelines.exporting import export_list
from warehouse.errors import InputError


@click.command()
@click.option("--customer", metavar="ID", help="A customer's number, or the key of a record such as till:8.")
@click.option("--email", metavar="X", help="An e-mail address; - reads it from standard input.")
@click.option("--phone", metavar="X", help="A phone number; - reads it from standard input.")
@click.option("--nik", metavar="X", help="An identity number; - reads it from standard input.")
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to write [default: <home>/access].")  # fmt: skip
@as_json
def access(
    customer: str | None,
    email: str | None,
    phone: str | None,
    nik: str | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Everything known about one person, as JSON and as a page to hand over. Its use is recorded.

    What is given on the command line stays in the shell's history: `-` reads it from standard input.
    """
    given = {"customer": customer, "email": email, "phone": phone, "nik": nik}
    named = [(kind, value) for kind, value in given.items() if value is not None]
    if len(named) != 1:
        raise InputError(
            "one person is asked about at a time", fix="give one of --customer, --email, --phone, --nik"
        )
    ((kind, value),) = named
    written = write_access(opened(), kind, sys.stdin.readline().strip() if value == "-" else value, folder)
    if as_json:
        print_json(written.__dict__)
        return 0
    for path in written.paths:
        print(path)
    for name, count in written.counts.items():
        print(f"  {name:<12} {count:,}")
    return 0


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
    reached = done.purpose if channel is None else f"{done.purpose} through {channel}"
    print(
        f"  {done.people:,} of the {done.members:,} people in the list may be contacted for {reached}"
        f" as of {done.as_of}; {done.rows:,} rows"
    )
    return 0


COMMANDS = (access, export)
