"""What commands share: the workspace, dates, ways to print."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from assets.context import Context, open_context
from pipelines.alerts import alert_of, send
from pipelines.list_files import guarded
from pipelines.logs import say
from warehouse.errors import ConfigError
from warehouse.withheld import sentence_of
from warehouse.workspace import home_from_environment

NUMBERS = (int, float, Decimal)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


def home() -> Path:
    """The workspace folder the command works on."""
    return home_from_environment()


def opened() -> Context:
    """The workspace, opened; ConfigError when there is none."""
    return open_context(home())


def tell(text: str) -> None:
    """A message on stderr."""
    say(text)


def tell_part(text: str) -> None:
    """What a step says of its parts, on stderr."""
    tell(f"  {text}")


def alarm(context: Context, event: str, day: date | None, problems: list[str]) -> list[str]:
    """Tell the people `alerts` of satu.yaml names; what could not be sent is said here, and returned."""
    settings = context.workspace.settings.operations.alerts
    failed = send(settings, alert_of(context.workspace, event, day, problems))
    for sentence in failed:
        tell(f"satu: {sentence}")
    return failed


@contextmanager
def alarming(context: Context, event: str, day: date | None = None) -> Iterator[None]:
    """Tells these people of what ends in an error here."""
    try:
        yield
    except Exception as error:
        alarm(context, event, day, [sentence_of(error)])
        raise


def to_day(text: str) -> date:
    """A date argument; ConfigError when it is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise ConfigError(f"`{text}` is not a date", fix="write it as YYYY-MM-DD") from None


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=1))


def print_rows(rows: pa.Table, form: str) -> None:
    """Rows on stdout as table, csv or json; json is an array of objects with all rows."""
    if form == "json":
        print_json(rows.to_pylist())
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(rows.column_names)
        for batch in guarded(rows).to_batches():
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    else:
        columns = [column.to_pylist() for column in rows.columns]
        print_table(rows.column_names, [list(row) for row in zip(*columns, strict=True)])


def print_table(names: list[str], rows: list[list[Any]]) -> None:
    """A table for people; numbers to the right."""
    table = Table(header_style="bold", show_edge=False)
    for position, name in enumerate(names):
        numeric = any(
            isinstance(row[position], NUMBERS) and not isinstance(row[position], bool) for row in rows
        )
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_shown(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
