"""On which stored days and in which releases a person is, and in which lists the person stood.

A stored day is asked by the numbers the person's records had then: numbers change hands when records join
or part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pyarrow as pa

from assets.context import Context
from assets.forgetting import CUSTOMER_COLUMNS, LINKS, RECORD_COLUMNS
from assets.person_values import keys_table
from assets.tables import workspace_tables
from warehouse.contracts import Table
from warehouse.engine import Engine, identifier, read_parquet
from warehouse.publish import kept_releases

Row = dict[str, Any]
_DAY = "CAST(regexp_extract(filename, 'as_of=([0-9-]+)', 1) AS DATE)"


def stored_days(context: Context, customer_id: int, record_keys: Sequence[str]) -> list[Row]:
    """One row per table and day that names the person: table, as_of, rows."""
    with _numbers_of_days(context, customer_id, record_keys) as engine:
        return [
            {"table": table.name, **row}
            for table in workspace_tables(context.workspace).values()
            for row in _rows(
                context, engine, table, f"SELECT {_DAY} AS as_of, COUNT(*) AS rows", "GROUP BY 1"
            )
        ]


def lists_with(context: Context, customer_id: int, record_keys: Sequence[str]) -> list[Row]:
    """Every row of a list, on any stored day, that names the person; `list` is its segment or table."""
    found: list[Row] = []
    with _numbers_of_days(context, customer_id, record_keys) as engine:
        for table in workspace_tables(context.workspace).values():
            if table.is_list:
                rows = _rows(context, engine, table, "SELECT * EXCLUDE (customer_id)")
                found += [{"list": row.get("segment", table.name), **row} for row in rows]
    return found


def releases_with(context: Context, days: Sequence[date]) -> list[Row]:
    """The kept releases of days on which the person is: seq and as_of."""
    return [
        {"release": release.seq, "as_of": release.as_of}
        for release in kept_releases(context.workspace.warehouse)
        if release.as_of in days
    ]


@contextmanager
def _numbers_of_days(context: Context, customer_id: int, record_keys: Sequence[str]) -> Iterator[Engine]:
    """An engine with `own_records` and `own_numbers` (as_of, id); a day without links has today's number."""
    tables = workspace_tables(context.workspace)
    days = context.store.days(tables.values())
    links = {part.as_of: part.path for part in context.store.partitions(tables[LINKS])}
    without = [day for day in days if day not in links]
    with context.looking() as engine:
        engine.put("own_records", keys_table(record_keys))
        engine.put(
            "without_links",
            pa.table(
                {
                    "as_of": pa.array(without, pa.date32()),
                    "id": pa.array([customer_id] * len(without), pa.int64()),
                }
            ),
        )
        of_days = "SELECT as_of, id FROM without_links"
        if links:
            of_days += (
                f" UNION SELECT {_DAY}, customer_id FROM {read_parquet(list(links.values()))}"
                " WHERE record_key IN (SELECT record_key FROM own_records)"
            )
        engine.materialise("own_numbers", of_days)
        yield engine


def _rows(context: Context, engine: Engine, table: Table, select: str, rest: str = "") -> list[Row]:
    """The stored rows of a table that name the person."""
    paths = [part.path for part in context.store.partitions(table)]
    tests = [
        f"({identifier(c)} IN (SELECT id FROM own_numbers)"
        f" AND ({_DAY}, {identifier(c)}) IN (SELECT as_of, id FROM own_numbers))"
        for c in table.column_names if c in CUSTOMER_COLUMNS
    ] + [
        f"{identifier(c)} IN (SELECT record_key FROM own_records)"
        for c in table.column_names if c in RECORD_COLUMNS
    ]  # fmt: skip
    if not paths or not tests:
        return []
    source = read_parquet(paths, by_name=True)
    found: list[Row] = engine.fetch(
        f"{select} FROM {source} WHERE {' OR '.join(tests)} {rest} ORDER BY ALL"
    ).to_pylist()
    return found
