"""Whose data lie in delivered files or stored days: customers of today, and where a notice reaches them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from assets.bronze import stored_raw
from assets.context import Context, spill_folder
from assets.day import Day
from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS
from assets.quarantine import stored_units
from transforms.records.build import ACCEPTED
from warehouse.contracts import Table, load_table
from warehouse.engine import identifier, read_parquet
from warehouse.errors import ConfigError, InputError
from warehouse.ledger import FileEntry

READ_AS_STORED = ("customer_links", "customer_profile", "blacklist")
ADULT_YEARS = 18


@dataclass(frozen=True)
class Affected:
    """`rows` of the files or days; `rows_of_nobody` led to no customer. `people` has one row per customer."""

    rows: int
    rows_of_nobody: int
    people: pa.Table


def affected_by_files(
    context: Context, as_of: date, files: Sequence[FileEntry], first: date, last: date
) -> Affected:
    """Whoever stands in the rows of these files that arrived within the days, also where a row repeats one of
    another file and is kept there."""
    with spill_folder() as spill, _day(context, as_of, spill) as day:
        engine = day.engine
        engine.materialise("delivered", _delivered_sql(context, files, first, last))
        engine.materialise("known_rows", _known_rows_sql(context, {entry.channel for entry in files}))
        engine.materialise(
            "affected_records",
            "SELECT DISTINCT k.record_key FROM delivered AS d"
            " INNER JOIN known_rows AS k ON k.channel = d.channel AND k.row_hash = d.row_hash",
        )
        counted = engine.fetch(
            "SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE (channel, row_hash) NOT IN"
            " (SELECT (channel, row_hash) FROM known_rows)) AS nobody FROM delivered"
        ).to_pylist()[0]
        return Affected(counted["n"], counted["nobody"], _people(day))


def affected_by_table(context: Context, as_of: date, table: Table, first: date, last: date) -> Affected:
    """Whoever is named in the stored days of a table. The links of a day lead its numbers to the customers of
    today."""
    columns = [c for c in table.column_names if c in CUSTOMER_COLUMNS | RECORD_COLUMNS]
    if not columns:
        raise InputError(f"table {table.name} names nobody", fix="name a table with one row per person")
    stored = [p for p in context.store.partitions(table) if first <= p.as_of <= last]
    links, rows = load_table("customer_links"), 0
    with spill_folder() as spill, _day(context, as_of, spill) as day:
        engine = day.engine
        engine.put("affected_records", pa.schema([("record_key", pa.string())]).empty_table())
        for partition in stored:
            of_day = context.store.partition(links, partition.as_of)
            engine.attach("exposed", [partition.path])
            if of_day is None:
                engine.define("links_then", "SELECT * FROM customer_links")
            else:
                engine.attach("links_then", [of_day.path])
            engine.put("affected_records", engine.fetch(_records_sql(columns)))
            rows += partition.rows
        return Affected(rows, 0, _people(day))


def _day(context: Context, as_of: date, spill: Path) -> Day:
    """The release's day, its links, profiles and blacklist as they are stored."""
    if any(context.store.partition(load_table(name), as_of) is None for name in READ_AS_STORED):
        raise ConfigError("the release was made by another version", fix="run `satu run` first")
    return Day(context, as_of, stored_units(context), stored=frozenset(READ_AS_STORED), spill=spill)


def _delivered_sql(context: Context, files: Sequence[FileEntry], first: date, last: date) -> str:
    wanted = {(entry.channel, entry.seq) for entry in files}
    parts = [
        f"SELECT '{name}' AS channel, _row_hash AS row_hash FROM {read_parquet([raw.path])}"
        f" WHERE _arrived BETWEEN DATE '{first}' AND DATE '{last}'"
        for name, channel in sorted(context.workspace.channels.items())
        for raw in stored_raw(context, channel)
        if (name, raw.entry.seq) in wanted and raw.error is None
    ]
    return " UNION ALL ".join(parts) or "SELECT '' AS channel, CAST(0 AS BIGINT) AS row_hash WHERE FALSE"


def _known_rows_sql(context: Context, channels: set[str]) -> str:
    parts = [
        f"SELECT '{unit.channel}' AS channel, row_hash, record_key FROM {read_parquet([unit.records])}"
        " WHERE record_key IS NOT NULL"
        for unit in stored_units(context)
        if unit.channel in channels
        and unit.counts[ACCEPTED]
        and context.workspace.inputs[unit.contract].is_about_people
    ]
    empty = "SELECT '' AS channel, CAST(0 AS BIGINT) AS row_hash, '' AS record_key WHERE FALSE"
    return " UNION ALL ".join([empty, *parts])


def _records_sql(columns: Sequence[str]) -> str:
    """The records named so far, and those a stored day names by number or by key."""
    parts = ["SELECT record_key FROM affected_records"]
    for column in map(identifier, columns):
        if column.strip('"') in RECORD_COLUMNS:
            parts.append(f"SELECT {column} FROM exposed WHERE {column} IS NOT NULL")
        else:
            parts.append(
                "SELECT l.record_key FROM links_then AS l"
                f" SEMI JOIN exposed AS e ON e.{column} = l.customer_id"
            )
    return " UNION ".join(parts)


def _people(day: Day) -> pa.Table:
    """One row per affected customer, with the address for a written notice."""
    for name in ("customer_links", "customer_profile", "notice_addresses"):
        day.need(name)
    return day.engine.fetch(f"""
SELECT c.customer_id, p.full_name, n.address, n.contact_channel,
    COALESCE(p.birth_date > DATE '{day.as_of}' - INTERVAL {ADULT_YEARS} YEAR, FALSE) AS is_child
FROM (
    SELECT DISTINCT l.customer_id FROM customer_links AS l SEMI JOIN affected_records AS r USING (record_key)
) AS c
LEFT JOIN customer_profile AS p ON p.customer_id = c.customer_id
LEFT JOIN notice_addresses AS n ON n.customer_id = c.customer_id
ORDER BY c.customer_id
""")
