"""privacy record: what is processed of whom, why, on which ground, and how it is protected."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.shared import as_json, opened, print_json, tell
from pipelines.processing_page import processing_html
from pipelines.processing_record import processing_record
from warehouse.errors import ConfigError
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


COMMANDS = (privacy,)
