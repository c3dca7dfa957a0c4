"""A release whose tables hold just the rows a test names.

Belongs here: rows as SQL in a table's types, publishing them.
Does not belong here: expectations.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from warehouse.contracts import Table, all_tables
from warehouse.contracts.model import duckdb_type
from warehouse.engine import DuckDBEngine
from warehouse.publish import publish, release_table
from warehouse.store import Store

DAY = date(2026, 1, 31)


def publish_rows(warehouse: Path, filled: dict[str, list[dict[str, Any]]]) -> None:
    """Publish every table of a day in `warehouse`: the rows given by table, the others empty."""
    store, zones = Store(warehouse), {"bi": [], "vault": []}  # type: ignore[var-annotated]
    with DuckDBEngine(warehouse / "spill", threads=1) as engine:
        for table in all_tables().values():
            store.write_partition(table, DAY, engine, _select(table, filled.get(table.name, [])), "f")
            zones[table.zone].append(release_table(store, table, DAY))
    publish(warehouse, zones["bi"], DAY, vault=zones["vault"], currency="IDR")


def _select(table: Table, rows: list[dict[str, Any]]) -> str:
    """A query of the rows in the table's types; what a row does not say is 0, empty or the day."""

    def value(row: dict[str, Any], name: str, type_name: str) -> str:
        kind = duckdb_type(type_name)
        plain = {"VARCHAR": "", "DATE": DAY, "BOOLEAN": False}.get(kind, 0 if "[" not in kind else [])
        found = row.get(name, plain)
        written = "NULL" if found is None else str(found) if isinstance(found, list | int) else f"'{found}'"
        return f"CAST({written} AS {kind}) AS {name}"

    def line(row: dict[str, Any]) -> str:
        return "SELECT " + ", ".join(value(row, c.name, c.type) for c in table.columns)

    numbered = [{"line": i, **row} for i, row in enumerate(rows)]
    return " UNION ALL ".join(map(line, numbered)) if rows else f"{line({})} WHERE FALSE"
