"""Stored older days of the vault without records that are kept no longer.

A customer all of whose records go leaves the vault's tables. Of one who stays, what the records that go said
leaves the golden record. Tables for analysis hold pseudonyms and stay as they are.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from assets.context import Context
from assets.forgetting import LINKS, at_home, homes_left, names_person_sql, read_whole_day
from assets.tables import workspace_tables
from warehouse.contracts import Table
from warehouse.engine import Engine, identifier, literal
from warehouse.store import Partition

PROFILE, ATTRIBUTES, ANCHOR = "customer_profile", "customer_attributes", "anchor"
READ_LAST = (ATTRIBUTES, LINKS)


def remove_from_days(context: Context, as_of: date, removed: pa.Table) -> None:
    """Rewrite the vault's tables of every day before `as_of` that show one of the records.

    `removed` has record_key and seen_again_on, from which day the key is another record's. What the other
    tables of a day are judged by goes last: cut off at any point, the same call again finishes the work. For
    who holds the warehouse's lock.
    """
    tables = [t for t in workspace_tables(context.workspace).values() if t.zone == "vault"]
    tables.sort(key=lambda table: READ_LAST.index(table.name) + 1 if table.name in READ_LAST else 0)
    with context.engine() as engine:
        engine.put("removed_records", removed)
        for day in context.store.days(tables):
            stored = {table.name: context.store.partition(table, day) for table in tables}
            if day < as_of and _shows_removed(engine, day, stored[LINKS], stored[ATTRIBUTES]):
                for table in tables:
                    partition = stored[table.name]
                    if partition is not None:
                        _without_removed(context, engine, table, partition)


def _shows_removed(engine: Engine, day: date, links: Partition | None, attributes: Partition | None) -> bool:
    """Make of a day `erased_records`, `erased_customers` who lose all of theirs, `homes_left`, and
    `lost_values` of customers who stay; whether its links name one of the records."""
    if links is None:
        return False
    engine.attach("day_links", [links.path])
    engine.materialise(
        "erased_records",
        "SELECT record_key FROM removed_records"
        f" WHERE seen_again_on IS NULL OR seen_again_on > DATE '{day.isoformat()}'",
    )
    is_removed = "record_key IN (SELECT record_key FROM erased_records)"
    engine.materialise(
        "erased_customers",
        f"SELECT customer_id AS id FROM day_links GROUP BY customer_id HAVING BOOL_AND({is_removed})",
    )
    engine.put("homes_left", homes_left(engine, links))
    said = "SELECT CAST(NULL AS BIGINT) AS customer_id, '' AS attribute, '' AS record_key"
    if attributes is not None:
        engine.attach("day_attributes", [attributes.path])
        said = "SELECT customer_id, attribute, record_key FROM day_attributes"
    engine.materialise("lost_values", f"SELECT customer_id, attribute FROM ({said}) WHERE {is_removed}")
    return int(engine.scalar(f"SELECT COUNT(*) FROM day_links WHERE {is_removed}")) > 0


def _without_removed(context: Context, engine: Engine, table: Table, partition: Partition) -> None:
    """The stored day of one table without the rows and cells that go, where there are any."""
    names = names_person_sql([name for name in table.column_names if name != ANCHOR])
    if names is None:
        return
    read_whole_day(engine, table, partition)
    lost = " OR customer_id IN (SELECT customer_id FROM lost_values)" if table.name == PROFILE else ""
    if engine.scalar(f"SELECT COUNT(*) FROM whole_day WHERE {names}{lost}"):
        kept = at_home(table.name, f"SELECT * FROM whole_day WHERE NOT {names}")
        rows = _without_what_was_said(table, kept)
        context.store.write_partition(table, partition.as_of, engine, rows, partition.fingerprint)


def _without_what_was_said(table: Table, kept: str) -> str:
    """The kept rows without what a record that goes said of a customer, and without its key as an anchor."""
    if table.name == PROFILE:
        attributes = [column.name for column in table.columns if not column.required]
        cells = ", ".join(f"{_unless_lost(name)} AS {identifier(name)}" for name in attributes)
        return f"SELECT k.* REPLACE ({cells}) FROM ({kept}) AS k"
    if table.name == LINKS:
        is_removed = f"k.{ANCHOR} IN (SELECT record_key FROM erased_records)"
        first = "MIN(k.record_key) OVER (PARTITION BY k.customer_id)"
        anchor = f"CASE WHEN {is_removed} THEN {first} ELSE k.{ANCHOR} END"
        return f"SELECT k.* REPLACE ({anchor} AS {ANCHOR}) FROM ({kept}) AS k"
    return kept


def _unless_lost(attribute: str) -> str:
    lost = f"SELECT customer_id FROM lost_values WHERE attribute = {literal(attribute)}"
    return f"CASE WHEN k.customer_id IN ({lost}) THEN NULL ELSE k.{identifier(attribute)} END"
