"""Stored days without one person: the rows that name them go, every other row stays as it was.

Tables of groups name nobody and are left: they are made anew by running their day again. Ranks and shares of
those who stay are those of the night until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from assets.context import Context
from assets.tables import workspace_tables
from warehouse.contracts import Table, arrow_schema
from warehouse.engine import Engine, identifier
from warehouse.store import Partition

CUSTOMER_COLUMNS = frozenset(
    {"customer_id", "previous_customer_id", "related_customer_id", "customer_a", "customer_b"}
)
RECORD_COLUMNS = frozenset({"record_key", "anchor", "record_a", "record_b"})
LINKS = "customer_links"


@dataclass(frozen=True)
class Rewritten:
    """A stored day of a table before and after: its file, rows and checksum."""

    before: Partition
    after: Partition


def forget_in_partitions(
    context: Context, customer_ids: Sequence[int], record_keys: Sequence[str]
) -> list[Rewritten]:
    """Rewrite every stored day that names the person; those rewritten. For who holds the warehouse's lock.

    A customer's number changes when records join or part, so each day's own links say whose it was then;
    `customer_ids` are the numbers for days without links. The links of a day go last: cut off at any point,
    the same call again finishes the work.
    """
    tables = workspace_tables(context.workspace)
    done = []
    with context.engine() as engine:
        engine.put("erased_records", _keys(record_keys))
        for day in _stored_days(context, tables):
            links = context.store.partition(tables[LINKS], day)
            engine.put("erased_customers", _numbers(_ids_of(engine, links, customer_ids)))
            for table in sorted(tables.values(), key=lambda t: t.name == LINKS):
                partition = context.store.partition(table, day)
                if partition is not None and (found := _without_person(context, engine, table, partition)):
                    done.append(found)
    return done


def names_person_sql(columns: Sequence[str]) -> str | None:
    """Whether a row names the person, over `erased_customers` (id) and `erased_records` (record_key); None
    for a table that names nobody."""
    tests = [
        f"{identifier(c)} IN (SELECT id FROM erased_customers)" for c in columns if c in CUSTOMER_COLUMNS
    ]
    tests += [
        f"{identifier(c)} IN (SELECT record_key FROM erased_records)" for c in columns if c in RECORD_COLUMNS
    ]
    return f"COALESCE({' OR '.join(tests)}, FALSE)" if tests else None


def _without_person(context: Context, engine: Engine, table: Table, partition: Partition) -> Rewritten | None:
    """The partition without the rows that name the person; None when there are none."""
    names_person = names_person_sql(table.column_names)
    if names_person is None:
        return None
    engine.attach("stored_rows", [partition.path])
    engine.put("no_rows", arrow_schema(table).empty_table())
    whole = "SELECT * FROM no_rows UNION ALL BY NAME SELECT * FROM stored_rows"
    if engine.scalar(f"SELECT COUNT(*) FROM ({whole}) WHERE {names_person}") == 0:
        return None
    kept = f"SELECT * FROM ({whole}) WHERE NOT {names_person}"
    after = context.store.write_partition(table, partition.as_of, engine, kept, partition.fingerprint)
    return Rewritten(partition, after)


def _ids_of(engine: Engine, links: Partition | None, otherwise: Sequence[int]) -> list[int]:
    """The numbers the person had on a day."""
    if links is None:
        return list(otherwise)
    engine.attach("day_links", [links.path])
    found = engine.fetch(
        "SELECT DISTINCT customer_id FROM day_links"
        " WHERE record_key IN (SELECT record_key FROM erased_records) ORDER BY customer_id"
    )
    ids: list[int] = found.column("customer_id").to_pylist()
    return ids


def _stored_days(context: Context, tables: dict[str, Table]) -> list[date]:
    return sorted({part.as_of for table in tables.values() for part in context.store.partitions(table)})


def _keys(record_keys: Sequence[str]) -> pa.Table:
    return pa.table({"record_key": pa.array(sorted(set(record_keys)), pa.string())})


def _numbers(ids: Sequence[int]) -> pa.Table:
    return pa.table({"id": pa.array(sorted(set(ids)), pa.int64())})
