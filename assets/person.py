"""Everything that is stored of one person: source rows, rows in quarantine.

Rows are found by the keys of the person's records; a row in quarantine has none, so it is found by the
identifiers in its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from assets.context import Context, spill_folder
from assets.day import Day
from assets.person_values import keys_table
from assets.quarantine import stored_units
from assets.record_rows import rows_name
from warehouse.contracts import InputContract
from warehouse.engine import read_parquet

Row = dict[str, Any]
_OWN = "record_key IN (SELECT record_key FROM own_records)"
_OF_OWN_ORDER = (
    "record_key IS NULL AND (order_space, order_id) IN"
    f" (SELECT order_space, order_id FROM order_line_rows WHERE {_OWN})"
)
_CELLS = """
SELECT w.place, lower(trim(e.key)) AS name, json_extract_string(e.value, '$') AS cell
FROM waiting AS w, json_each(
    CASE WHEN json_valid(w.raw_row) THEN w.raw_row ELSE to_json(string_split_regex(w.raw_row, '[;,|\t]')) END
) AS e
WHERE e.key NOT LIKE '\\_%' ESCAPE '\\'
"""
_READ_CELLS = """
SELECT c.place, c.name, c.cell, w.channel,
    email_key(norm_email(c.cell)) IN (SELECT email_key FROM own_contacts) AS is_email,
    norm_nik(c.cell) IN (SELECT nik FROM own_contacts) AS is_nik,
    upper(clean_text(c.cell)) IN (
        SELECT member_id FROM own_contacts UNION ALL SELECT national_id FROM own_contacts
    ) AS is_number,
    norm_phone(list_extract(split_phones(c.cell), 1), $country) IN (
        SELECT UNNEST(phones) FROM own_contacts
    ) AS is_phone,
    norm_name(c.cell) IN (SELECT name_key FROM own_contacts) AS is_name,
    (w.channel, c.name, clean_text(c.cell)) IN (
        SELECT channel, name, source_id FROM own_numbers
    ) AS is_source_id
FROM cells AS c
INNER JOIN waiting AS w ON w.place = c.place
WHERE c.cell IS NOT NULL
"""
_FOUND = """
SELECT place FROM read_cells
GROUP BY place
HAVING BOOL_OR(COALESCE(is_email OR is_nik OR is_number OR is_source_id, FALSE))
    OR (BOOL_OR(COALESCE(is_phone, FALSE)) AND BOOL_OR(COALESCE(is_name, FALSE)))
"""


@dataclass(frozen=True)
class Statement:
    """A row of a source as Satu keeps it: what it says, and the file and line it came in."""

    contract: str
    channel: str
    record_key: str | None
    file: str
    line: int
    arrived_on: date
    happened_on: date
    values: Row


@dataclass(frozen=True)
class Waiting:
    """A row in quarantine that states the person, with those of its cells that are known to be theirs."""

    channel: str
    file: str
    line: int
    arrived_on: date
    reason: str
    values: Row
    count_hidden: int


def statements_of(context: Context, record_keys: Sequence[str]) -> list[Statement]:
    """Every accepted row about the records, contract by contract, the oldest first. A row of one of their
    orders that names nobody (a delivery) is about them too."""
    files = context.ledger.paths()
    found: list[Statement] = []
    with _looking(context, record_keys) as day:
        for contract in context.workspace.inputs.values():
            if contract.field_named("source_id") is None:
                continue
            name = rows_name(contract.name)
            day.need(name)
            test = f"({_OWN}) OR ({_OF_OWN_ORDER})" if contract.field_named("order_id") else _OWN
            rows = day.engine.fetch(
                f"SELECT * FROM {name} WHERE {test} ORDER BY event_on, file_seq, line, mapping"
            )
            found += [_statement(contract, row, files) for row in rows.to_pylist()]
    return found


def waiting_of(context: Context, record_keys: Sequence[str]) -> list[Waiting]:
    """The rows in quarantine that state the person's number, e-mail, identity number, or phone and name.

    Cells that are not known to be the person's may be somebody else's, and are only counted.
    """
    paths = [unit.quarantine for unit in stored_units(context) if unit.quarantine is not None]
    if not paths:
        return []
    with _looking(context, record_keys) as day:
        engine = day.engine
        engine.put("own_numbers", _own_numbers(context, record_keys))
        engine.materialise(
            "own_contacts",
            f"SELECT email_key, nik, member_id, national_id, phones, name_key FROM contact_rows WHERE {_OWN}",
        )
        engine.materialise(
            "waiting",
            "SELECT ROW_NUMBER() OVER (ORDER BY channel, file, line, row_no, contract) AS place, *"
            f" FROM {read_parquet(paths)} WHERE raw_row IS NOT NULL",
        )
        engine.materialise("cells", _CELLS)
        country = context.workspace.settings.country
        engine.put("read_cells", engine.fetch(_READ_CELLS, {"country": country}))
        own = "is_email OR is_nik OR is_number OR is_source_id OR is_phone OR is_name"
        rows = engine.fetch(
            f"SELECT w.channel, w.file, w.line, w.arrived_on, w.reason,"
            f" list({{'name': r.name, 'cell': r.cell}} ORDER BY r.name) FILTER ({own}) AS own,"
            f" COUNT(*) FILTER (NOT COALESCE({own}, FALSE)) AS count_hidden"
            f" FROM waiting AS w INNER JOIN read_cells AS r ON r.place = w.place"
            f" WHERE w.place IN ({_FOUND}) GROUP BY ALL ORDER BY w.arrived_on, w.channel, w.file, w.line"
        )
    return [
        Waiting(**{name: row[name] for name in ("channel", "file", "line", "arrived_on", "reason")},
                values={cell["name"]: cell["cell"] for cell in row["own"]}, count_hidden=row["count_hidden"])
        for row in rows.to_pylist()
    ]  # fmt: skip


def is_in_a_role(context: Context, record_key: str) -> bool:
    """Whether a record names the person in a role (`till:8/recipient`), with the number of who said so."""
    roles = {m.role for channel in context.workspace.channels.values() for m in channel.mappings if m.role}
    return record_key.rpartition("/")[2] in roles


@contextmanager
def _looking(context: Context, record_keys: Sequence[str]) -> Iterator[Day]:
    """All stored rows, those that came after the release as well."""
    with (
        spill_folder() as spill,
        Day(context, date.max, stored_units(context), spill=spill) as day,
    ):
        day.engine.put("own_records", keys_table(record_keys))
        for name in ("contacts", "order_lines"):
            day.need(rows_name(name))
        yield day


def _statement(contract: InputContract, row: Row, files: dict[tuple[str, int], str]) -> Statement:
    channel = str(row["source_channel" if "source_channel" in row else "channel"])
    fields = {field.name: row[field.name] for field in contract.fields}
    return Statement(
        contract=contract.name,
        channel=channel,
        record_key=row["record_key"],
        file=files.get((channel, row["file_seq"]), ""),
        line=row["source_line"],
        arrived_on=row["arrived"],
        happened_on=row["event_on"],
        values={name: value for name, value in fields.items() if value is not None},
    )


def _own_numbers(context: Context, record_keys: Sequence[str]) -> pa.Table:
    """The person's customer numbers, and the columns of each channel in which such numbers stand."""
    spaces = [key.partition(":")[::2] for key in record_keys if not is_in_a_role(context, key)]
    found = sorted(
        {
            (channel.name, field.expression.strip().lower(), number)
            for channel in context.workspace.channels.values()
            for mapping in channel.mappings
            for field in mapping.fields
            if field.field == "source_id"
            for space, number in spaces
            if space == channel.id_space
        }
    )
    names = ("channel", "name", "source_id")
    return pa.table({n: pa.array([row[i] for row in found], pa.string()) for i, n in enumerate(names)})
