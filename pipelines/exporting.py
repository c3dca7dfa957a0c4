"""The one door through which lists of people leave: rules of contact, a line in the ledger, then the file.

A list is a segment or a table that declares itself one (`is_list`). It shows the customer's number, the name
and the address of one allowed channel of contact; further fields only where their purpose is the list's.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assets.context import Context
from assets.lists import listed_people
from assets.people_logs import record_export
from assets.tables import workspace_tables
from pipelines.identity_view import IdentityView, look_at_people
from pipelines.list_files import file_writer
from pipelines.proven_erasing import finish_cut_off
from warehouse.contact import CONTACT_CHANNELS
from warehouse.contracts import Table
from warehouse.engine import identifier, literal
from warehouse.errors import InputError
from warehouse.files import private_dir, write_atomic

FOLDER = "exports"
SEGMENTS = "segment_members"
SHOWN = ("customer_id", "full_name", "contact_channel", "address")
WISHES = ("contact_from", "contact_until", "language")
"""What people asked for of being contacted: it belongs to every contact, whatever its purpose."""


@dataclass(frozen=True)
class Exported:
    """A list that left: where to, and how many people of how many members."""

    path: Path
    rows: int
    people: int
    members: int
    purpose: str
    as_of: date


@dataclass(frozen=True)
class _List:
    """A list of the release: its table, its purpose, how many are in it, and who of them to turn to."""

    table: Table
    purpose: str
    count_people: int
    contactable: pa.Table


def export_list(
    context: Context, name: str, to: Path, channel: str | None = None, columns: Sequence[str] = ()
) -> Exported:
    """Write a list of the current release to a file, after writing it into the ledger.

    Each person stands there with the preferred channel of contact that is allowed, or with `channel`.
    """
    written, path = file_writer(to), _place(context, to)
    if channel is not None and channel not in CONTACT_CHANNELS:
        raise InputError("this is no channel of contact", fix=f"use one of {', '.join(CONTACT_CHANNELS)}")
    finish_cut_off(context)
    with look_at_people(context) as view:
        found = _list(view, workspace_tables(context.workspace), name)
        fields = _allowed_fields(context, columns, found.purpose)
        released = _released(view, found)
    asked = found.contactable if channel is None else _through(found.contactable, channel)
    of_profile = [column for column in fields if column not in WISHES]
    rows = _as_shown(listed_people(context, view.as_of, asked, released, of_profile), found.table, fields)
    content, customers = written(rows), pc.unique(rows.column("customer_id")).to_pylist()
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "list": name,
        "purpose": found.purpose,
        "as_of": view.as_of.isoformat(),
        "release": view.release,
        "columns": rows.column_names,
        "contact_channels": sorted(pc.unique(rows.column("contact_channel")).to_pylist()),
        "rows": rows.num_rows,
        "people": len(customers),
        "file": path.name,
        "file_sha256": hashlib.sha256(content).hexdigest(),
    }
    record_export(context, entry, customers)
    write_atomic(path, content, 0o600)
    return Exported(path, rows.num_rows, len(customers), found.count_people, found.purpose, view.as_of)


def _place(context: Context, to: Path) -> Path:
    """Where the file goes: a bare name into the workspace's own folder, which only its owner can read."""
    path = to if to.parent != Path() else private_dir(context.workspace.home / FOLDER) / to
    if not path.parent.is_dir():
        raise InputError("the folder is not there", file=path.parent, fix="make it, or name another")
    return path


def _list(view: IdentityView, tables: dict[str, Table], name: str) -> _List:
    """A segment by its name, any other list by that of its table; InputError for what is neither."""
    lists = {table.name: table for table in tables.values() if table.is_list and table.name != SEGMENTS}
    lists |= {row["segment"]: tables[SEGMENTS] for row in view.rows("SELECT segment FROM dim_segment")}
    if name not in lists:
        raise InputError(
            "the release has no such list", fix=f"name one of {', '.join(sorted(lists))}, or `satu run` first"
        )
    table, item = lists[name], _item_of(lists[name])
    members = f"SELECT * FROM {table.name}"
    if table.name == SEGMENTS:
        members += f" WHERE segment = {literal(name)} AND status <> 'left'"
    (counted,) = view.rows(
        f"SELECT MIN(purpose) AS purpose, COUNT(DISTINCT customer_id) AS people FROM ({members})"
    )
    if counted["purpose"] is None:
        raise InputError(f"nobody is in `{name}`", fix="there is nothing to write down")
    place = identifier("position") if "position" in table.column_names else "CAST(NULL AS INTEGER)"
    contactable = view.table(
        f"SELECT customer_id, {identifier(item) if item else 'CAST(NULL AS VARCHAR)'} AS item,"
        f" {place} AS position, purpose, contact_channel FROM ({members}) WHERE is_contactable"
    )
    return _List(table, counted["purpose"].strip().lower(), counted["people"], contactable)


def _released(view: IdentityView, found: _List) -> dict[str, pa.Table]:
    """The release's tables that a list is made from, no more of them than the list asks for."""
    people = pc.unique(found.contactable.column("customer_id")).to_pylist()
    allowed = "SELECT * FROM vault.contactability WHERE is_allowed AND purpose = $purpose"
    of_people = "WHERE customer_id IN (SELECT UNNEST($people))"
    return {"contactability": view.table(allowed, purpose=found.purpose)} | {
        name: view.table(f"SELECT * FROM vault.{name} {of_people}", people=people)
        for name in ("customer_links", "customer_profile")
    }


def _item_of(table: Table) -> str | None:
    """What a list asks of each customer, when a customer may stand there for several things."""
    items = [column for column in table.key if column not in ("as_of", "segment", "customer_id")]
    return items[0] if items else None


def _through(members: pa.Table, channel: str) -> pa.Table:
    position = members.schema.get_field_index("contact_channel")
    return members.set_column(
        position, "contact_channel", pa.array([channel] * members.num_rows, pa.string())
    )


def _allowed_fields(context: Context, columns: Sequence[str], purpose: str) -> list[str]:
    """The further columns; InputError for one that is not there for this purpose."""
    known = {field.name: field for field in context.workspace.inputs["contacts"].fields if field.survivorship}
    allowed = [*WISHES, *(name for name, field in known.items() if field.purpose == purpose)]
    for column in columns:
        if column not in allowed:
            why = f"is kept for {known[column].purpose}" if column in known else "is not known"
            raise InputError(
                f"`{column}` {why}, the list is for {purpose}",
                fix=f"columns of this list are {', '.join(allowed)}",
            )
    return list(dict.fromkeys(columns))


def _as_shown(rows: pa.Table, table: Table, fields: Sequence[str]) -> pa.Table:
    item = _item_of(table)
    names = [*SHOWN, *(["item"] if item else []), *fields]
    return rows.select(names).rename_columns([item if name == "item" else name for name in names])
