"""docs: what there is, as pages for people."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.cli.shared import opened
from pipelines.docs import write_docs
from warehouse.errors import ConfigError


@click.command()
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="Where to write [default: <home>/docs]."
)
def docs(folder: Path | None) -> int:
    """The data dictionary and report as static HTML, without outside resources."""
    context = opened()
    target = folder or context.workspace.home / "docs"
    if target.exists() and not target.is_dir():
        raise ConfigError(f"{target.name} is a file", fix="name a folder")
    for path in write_docs(context, target):
        print(path)
    return 0


COMMANDS = (docs,)
