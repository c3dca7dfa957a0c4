"""Stored days without one person: the rows that name them go, every other row stays as it was.

Tables of groups name nobody and are left: `renewing` makes them anew, and the ranks of those who stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assets.context import Context
from assets.person_values import keys_table
from assets.tables import workspace_tables
from warehouse.contracts import Table, arrow_schema
from warehouse.engine import Engine, identifier
from warehouse.store import Partition

CUSTOMER_COLUMNS = frozenset(
    {"customer_id", "previous_customer_id", "related_customer_id", "customer_a", "customer_b"}
)
RECORD_COLUMNS = frozenset({"record_key", "anchor", "record_a", "record_b"})
LINKS = "customer_links"
HOUSEHOLDS = "households"


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
    return [
        _without_person(context, engine, table, partition)
        for engine, table, partition in _stored_days(context, customer_ids, record_keys)
        if _count_named(engine, table, partition)
    ]


def named_in_partitions(
    context: Context, customer_ids: Sequence[int], record_keys: Sequence[str]
) -> list[tuple[Partition, int]]:
    """The stored days that name the person, and in how many rows."""
    found = []
    for engine, table, partition in _stored_days(context, customer_ids, record_keys):
        count = _count_named(engine, table, partition)
        if count:
            found.append((partition, count))
    return found


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


def read_whole_day(engine: Engine, table: Table, partition: Partition) -> None:
    """`whole_day`: a stored day with the columns the table has now."""
    engine.attach("stored_rows", [partition.path])
    engine.put("no_rows", arrow_schema(table).empty_table())
    engine.define("whole_day", "SELECT * FROM no_rows UNION ALL BY NAME SELECT * FROM stored_rows")


def _count_named(engine: Engine, table: Table, partition: Partition) -> int:
    """In how many rows a stored day names the person; they are readable as `whole_day` afterwards."""
    names_person = names_person_sql(table.column_names)
    if names_person is None:
        return 0
    read_whole_day(engine, table, partition)
    return int(engine.scalar(f"SELECT COUNT(*) FROM whole_day WHERE {names_person}"))


def _without_person(context: Context, engine: Engine, table: Table, partition: Partition) -> Rewritten:
    """The stored day without the rows that name the person."""
    names_person = names_person_sql(table.column_names)
    kept = at_home(table.name, f"SELECT * FROM whole_day WHERE NOT {names_person}")
    after = context.store.write_partition(table, partition.as_of, engine, kept, partition.fingerprint)
    return Rewritten(partition, after)


def at_home(name: str, kept: str) -> str:
    """The kept rows of a stored day, over `homes_left`: who lived with the person lives with those who are
    left; a household of one is none."""
    homes = "LEFT JOIN homes_left AS h ON h.household_id = k.household_id"
    if name == LINKS:
        alone = "CASE WHEN h.members < 2 THEN NULL ELSE k.household_id END AS household_id"
        return f"SELECT k.* REPLACE ({alone}) FROM ({kept}) AS k {homes}"
    if name == HOUSEHOLDS:
        members = "COALESCE(h.members, k.count_members) AS count_members"
        tied = "LEAST(k.count_tied, COALESCE(h.members - 1, k.count_tied)) AS count_tied"
        shared = "COALESCE(h.members, 2) > 1"
        return f"SELECT k.* REPLACE ({members}, {tied}) FROM ({kept}) AS k {homes} WHERE {shared}"
    return kept


def homes_left(engine: Engine, links: Partition | None) -> pa.Table:
    """(household_id, members) of the households the person lived in that day, without the person; over
    `day_links` and `erased_customers`."""
    empty = pa.schema([("household_id", pa.int64()), ("members", pa.int64())]).empty_table()
    if links is None:
        return empty
    return engine.fetch(
        "SELECT household_id, COUNT(DISTINCT customer_id)"
        " FILTER (WHERE customer_id NOT IN (SELECT id FROM erased_customers)) AS members"
        " FROM day_links WHERE household_id IS NOT NULL GROUP BY household_id"
        " HAVING BOOL_OR(customer_id IN (SELECT id FROM erased_customers))"
    )


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


def _stored_days(
    context: Context, customer_ids: Sequence[int], record_keys: Sequence[str]
) -> Iterator[tuple[Engine, Table, Partition]]:
    """Every stored day of every table, with the numbers the person had that day in the engine; links last."""
    tables = workspace_tables(context.workspace)
    with context.engine() as engine:
        engine.put("erased_records", keys_table(record_keys))
        for day in context.store.days(tables.values()):
            links = context.store.partition(tables[LINKS], day)
            engine.put("erased_customers", _numbers(_ids_of(engine, links, customer_ids)))
            engine.put("homes_left", homes_left(engine, links))
            for table in sorted(tables.values(), key=lambda t: t.name == LINKS):
                partition = context.store.partition(table, day)
                if partition is not None:
                    yield engine, table, partition


def _numbers(ids: Sequence[int]) -> pa.Table:
    return pa.table({"id": pa.array(sorted(set(ids)), pa.int64())})
