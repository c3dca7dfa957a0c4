"""A warehouse of three small tables, for the tests of storage, publication and queries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from warehouse.contracts import Column, Table, Text
from warehouse.contracts.model import History, Retention, Zone
from warehouse.engine import DuckDBEngine
from warehouse.publish import Checkpoint, Release, publish, release_table
from warehouse.store import Store


def column(
    name: str,
    type_name: str,
    *,
    en: str = "",
    unit: str = "",
    privacy: str = "internal",
    references: str | None = None,
) -> Column:
    text = Text(en or f"The {name}", f"Kolom {name}")
    return Column(name, type_name, text, privacy, unit, references=references)


def table(
    name: str,
    columns: tuple[Column, ...],
    *,
    key: tuple[str, ...],
    zone: Zone = "bi",
    retention: Retention = "as_of",
    history: History = "none",
) -> Table:
    text = Text(f"Sample table {name}", f"Tabel contoh {name}")
    return Table(name, zone, "marts", text, "One row per key", key, columns, (), retention, history)


RFM = table(
    "rfm",
    (
        column("as_of", "date"),
        column("customer_id", "bigint", privacy="pseudonym", references="customers.customer_id"),
        column("monetary", "decimal(18,2)", en="Net revenue of the customer's orders", unit="currency"),
    ),
    key=("as_of", "customer_id"),
    history="month_ends",
)
CUSTOMERS = table(
    "customers",
    (column("customer_id", "bigint", privacy="pseudonym"), column("segment", "text", en="What's best?")),
    key=("customer_id",),
    history="small",
)
PROFILE = table(
    "customer_profile",
    (
        column("customer_id", "bigint", privacy="pseudonym"),
        column("full_name", "text", privacy="personal"),
    ),
    key=("customer_id",),
    zone="vault",
)
TABLES = (RFM, CUSTOMERS, PROFILE)


def engine(warehouse: Path, threads: int = 1) -> DuckDBEngine:
    return DuckDBEngine(warehouse / "spill", threads=threads)


def rows_of(sample: Table, as_of: date, customers: int) -> str:
    """A query of that many rows, in no particular order; amounts tell the day."""
    select = {
        "rfm": f"DATE '{as_of}' AS as_of, i AS customer_id, CAST({as_of.day} AS DECIMAL(18,2)) AS monetary",
        "customers": "i AS customer_id, 'loyal' AS segment",
        "customer_profile": "i AS customer_id, 'Budi ' || i AS full_name",
    }[sample.name]
    return f"SELECT {select} FROM range({customers}, 0, -1) r(i)"


def write_day(warehouse: Path, as_of: date, customers: int = 5) -> None:
    """The partitions of one day."""
    warehouse.mkdir(exist_ok=True)
    with engine(warehouse) as duck:
        for sample in TABLES:
            Store(warehouse).write_partition(sample, as_of, duck, rows_of(sample, as_of, customers), "f1")


def publish_day(
    warehouse: Path, as_of: date, checkpoint: Checkpoint = lambda name: None, keep: int = 3
) -> Release:
    """A release of the partitions of one day."""
    store = Store(warehouse)
    bi = [release_table(store, sample, as_of) for sample in (RFM, CUSTOMERS)]
    vault = [release_table(store, PROFILE, as_of)]
    return publish(warehouse, bi, as_of, vault=vault, keep=keep, checkpoint=checkpoint)


def night(warehouse: Path, as_of: date, checkpoint: Checkpoint = lambda name: None) -> Release:
    """One small night, start to end."""
    write_day(warehouse, as_of)
    return publish_day(warehouse, as_of, checkpoint)
