"""A small company and its nights, for tests: configuration and files in, tables out.

Belongs here: writing a workspace, reading what a day knows, running a day with its gate, checksums.
Does not belong here: expectations.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import assets.night
from assets.context import Context, open_context
from assets.day import Day
from assets.days_beside import links_before
from assets.night import Listener, Night, Silent
from assets.records import all_units
from assets.tables import workspace_tables
from data_quality.gate import inspect
from pipelines.cli import main
from pipelines.running import bring_in
from transforms.model import table_names
from warehouse.ledger import Registration
from warehouse.store import Partition

SECRET = "a-secret-for-tests-that-nobody-needs-to-guess"
COMPANY = "company: {name: Toko Kecil, timezone: Asia/Jakarta, currency: IDR, country: ID}\n"

TILL = """
    channel: till
    source:
      path: landing/till/*.csv
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      contacts:
        - where: customer IS NOT NULL AND customer <> ''
          source_id: customer
          seen_at: day
          full_name: name
          phone: phone
          email: mail
          nik: nik
      order_lines:
        order_id: receipt
        source_id: customer
        ordered_at: day
        product_id: item
        amount: amount
"""
TILL_COLUMNS = ("receipt", "day", "customer", "name", "phone", "mail", "nik", "item", "amount")
"""One channel that sells and knows people: enough for most rules."""

FORM = """
    channel: form
    source:
      path: landing/form/*.csv
      options: {delimiter: ";", dates: ymd}
    maps:
      contacts:
        - source_id: id
          seen_at: day
          full_name: name
          phone: phone
          email: mail
          nik: nik
"""
FORM_COLUMNS = ("id", "day", "name", "phone", "mail", "nik")
"""People without purchases, in an id space of their own."""


def company(home: Path, *contracts: str, settings: str = COMPANY, **more: str) -> Path:
    """A workspace with these channel contracts; `more` are other files, `fields__pets="..."` is fields/pets.yaml."""
    write(home, "satu.yaml", settings)
    write(home, "secret.key", SECRET + "\n")
    for contract in contracts:
        text = dedent(contract).strip() + "\n"
        write(home, f"channels/{text.split()[1]}.yaml", text)
    for name, text in more.items():
        write(home, name.replace("__", "/") + ".yaml", dedent(text))
    return home


def write(home: Path, name: str, text: str | bytes) -> Path:
    """A file of the workspace."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def deliver(home: Path, name: str, columns: Iterable[str], *rows: dict[str, object]) -> Path:
    """A CSV file in landing; a column a row does not name is empty."""
    columns = tuple(columns)
    lines = [columns, *([str(row.get(column, "")) for column in columns] for row in rows)]
    return write(home, f"landing/{name}", "".join(";".join(line) + "\n" for line in lines))


def bring(home: Path) -> tuple[Context, Registration]:
    """Register and read everything in landing."""
    context = open_context(home)
    return context, bring_in(context, lambda text: None)


def known(home: Path, as_of: date | str, sql: str) -> list[dict[str, Any]]:
    """The rows of a SELECT over the tables of a day, made from what was known then, without storing any."""
    context, _ = bring(home)
    units, day = all_units(context), _day(as_of)
    names = sorted(table_names(sql))
    before = links_before(context, day, units) if "customer_id_history" in names else None
    with Day(context, day, units, previous_links=before) as work:
        for name in names:
            work.need(name)
        rows: list[dict[str, Any]] = work.engine.fetch(sql).to_pylist()
        return rows


def one(home: Path, as_of: date | str, sql: str) -> Any:
    """The only value of the only row."""
    (row,) = known(home, as_of, sql)
    (value,) = row.values()
    return value


def customers_of(home: Path, as_of: date | str) -> dict[str, int]:
    """Record key → customer id."""
    rows = known(home, as_of, "SELECT record_key, customer_id FROM customer_links ORDER BY record_key")
    return {row["record_key"]: row["customer_id"] for row in rows}


def people(home: Path, as_of: date | str) -> set[frozenset[str]]:
    """The customers of a day, each as the set of its record keys."""
    links = customers_of(home, as_of)
    return {frozenset(k for k, v in links.items() if v == customer) for customer in links.values()}


def account(home: Path) -> dict[tuple[str, str], dict[str, int]]:
    """Where the rows of each file and mapping went: (file name, mapping) → verdict → rows, without zeros."""
    context, _ = bring(home)
    names = {(e.channel, e.seq): Path(e.path).name for e in context.ledger.entries()}
    return {
        (names[u.channel, u.file_seq], f"{u.contract}.{u.mapping}"): {k: n for k, n in u.counts.items() if n}
        for u in all_units(context)
    }


def night(
    home: Path,
    as_of: date | str,
    listener: Listener | None = None,
    publish: bool = False,
    selected: Collection[str] | None = None,
) -> Night:
    """All tables of one day (or the selected), gated and stored, without Dagster."""
    context, _ = bring(home)
    done = Night(context, _day(as_of), all_units(context), listener or Silent())
    done.run(selected)
    if publish:
        done.publish()
    return done


def partitions(home: Path) -> list[Partition]:
    """Every stored day of every table."""
    context = open_context(home)
    tables = workspace_tables(context.workspace).values()
    return [partition for table in tables for partition in context.store.partitions(table)]


def checksums(home: Path) -> dict[tuple[str, str], str]:
    """(table, day) → checksum of its Parquet file, as its manifest says."""
    return {(p.table, p.as_of.isoformat()): p.sha256 for p in partitions(home)}


def copied(home: Path, target: Path) -> Path:
    """A copy of a workspace to do something else with."""
    shutil.copytree(home, target, symlinks=True)
    return target


def forget(home: Path, *folders: str) -> None:
    """Delete derived folders (or links) of the warehouse."""
    for name in folders:
        path = home / "warehouse" / name
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)


def gate_in_sql(patch: pytest.MonkeyPatch) -> None:
    """Let the gate's checks run as plain SQL: the same outcomes, without Great Expectations' start."""
    patch.setattr(assets.night, "inspect", functools.partial(inspect, engine="sql"))


def table_of(home: Path, name: str, as_of: date | str) -> pa.Table:
    """A stored table of a day."""
    context = open_context(home)
    partition = context.store.partition(workspace_tables(context.workspace)[name], _day(as_of))
    assert partition is not None, f"{name} has no partition for {as_of}"
    return pq.read_table(partition.path)


@contextlib.contextmanager
def environment_put_back() -> Iterator[None]:
    """What is done inside leaves no environment variable changed."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _day(day: date | str) -> date:
    return day if isinstance(day, date) else date.fromisoformat(day)


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


def satu(*words: str | Path) -> Said:
    """The command line in this process; what it changes in the environment is put back."""
    out, err = io.StringIO(), io.StringIO()
    try:
        with environment_put_back(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main([str(word) for word in words])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 2
        return Said(code, out.getvalue(), err.getvalue() + (end.code if isinstance(end.code, str) else ""))
    raise AssertionError("the command line returned instead of exiting")
