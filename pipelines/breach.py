"""Who is affected when a file, a channel or a table got out, and until when they must be told.

UU 27/2022, article 46: a written notice to the persons and to the authority within 3 x 24 hours, saying which
data, when and how, and what is done about it. Where persons cannot be reached the public is told.
"""

from __future__ import annotations

import getpass
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.affected import Affected, affected_by_files, affected_by_table
from assets.context import Context
from assets.tables import workspace_tables
from pipelines.list_files import file_writer
from pipelines.processing_record import PERSONAL, by_class, people_fields
from warehouse.chained_ledger import append_entry
from warehouse.errors import ConfigError, InputError
from warehouse.files import write_atomic
from warehouse.landing.content import ContentHasher, Refusal
from warehouse.ledger import FileEntry
from warehouse.publish import Release, current_release

NOTICE_WITHIN = timedelta(hours=72)
LEDGER = "breaches.jsonl"


@dataclass(frozen=True)
class Scope:
    """What got out: one of file, channel and table, and the days it spans."""

    kind: str
    name: str
    first: date = date.min
    last: date = date.max


def affected_by(context: Context, scope: Scope) -> tuple[Affected, dict[str, list[str]]]:
    """Whose data, and which fields of each privacy class."""
    release = _release(context)
    if scope.kind == "table":
        tables = workspace_tables(context.workspace)
        if scope.name not in tables:
            raise InputError(f"there is no table `{scope.name}`", fix="`satu tables` lists them")
        table = tables[scope.name]
        found = affected_by_table(context, release.as_of, table, scope.first, scope.last)
        fields = {
            privacy: sorted(c.name for c in table.columns if c.privacy == privacy) for privacy in PERSONAL
        }
    else:
        files = _files(context, scope)
        found = affected_by_files(context, release.as_of, files, scope.first, scope.last)
        named = {entry.channel for entry in files} & set(context.workspace.channels)
        mapped = [people_fields(context, context.workspace.channels[name]) for name in sorted(named)]
        fields = by_class([field for pairs in mapped for _, field in pairs])
    return found, {privacy: names for privacy, names in fields.items() if names and privacy in PERSONAL}


def summary(
    context: Context, scope: Scope, found: Affected, fields: dict[str, list[str]], noticed: datetime | None
) -> dict[str, Any]:
    """What a notice must say in figures; no person."""
    release = _release(context)
    people = found.people
    return {
        "scope": {"kind": scope.kind, "name": scope.name} | _days(scope),
        "release": release.seq,
        "as_of": release.as_of.isoformat(),
        "rows": found.rows,
        "rows_of_nobody": found.rows_of_nobody,
        "customers": people.num_rows,
        "children": pc.sum(people.column("is_child")).as_py() or 0,
        "reached_in_writing": people.num_rows - people.column("contact_channel").null_count,
        "fields": fields,
        "has_specific_data": "specific" in fields,
        "notice_by": None if noticed is None else (noticed + NOTICE_WITHIN).isoformat(timespec="minutes"),
    }


def write_list(context: Context, path: Path, people: pa.Table, told: dict[str, Any]) -> None:
    """The list, in the form its ending says; that it is made is written down first, naming nobody."""
    content = file_writer(path)(people)
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "scope": told["scope"],
        "release": told["release"],
        "customers": told["customers"],
        "list_sha256": hashlib.sha256(content).hexdigest(),
    }
    append_entry(context.workspace.warehouse / "ledger" / LEDGER, entry, context.workspace.secret)
    write_atomic(path, content, 0o600)


def noticed_at(context: Context, text: str) -> datetime:
    """When the company learned of it; a time without a zone is the company's own."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"`{text}` is not a time", fix="write it as 2026-09-30T08:15") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=context.workspace.settings.zone)


def _release(context: Context) -> Release:
    release = current_release(context.workspace.warehouse)
    if release is None:
        raise ConfigError("there is no release yet", fix="run `satu run` first")
    return release


def _files(context: Context, scope: Scope) -> list[FileEntry]:
    """The registered contents that are meant: of a channel all, of a file those that came under its name, or
    the one it holds."""
    known = context.ledger.entries()
    if scope.kind == "channel":
        if scope.name not in context.workspace.channels:
            raise InputError(f"there is no channel `{scope.name}`", fix="`satu check` lists them")
        return [entry for entry in known if entry.channel == scope.name]
    files = [e for e in known if scope.name in (e.path, Path(e.path).name)] or _same_content(
        context, known, Path(scope.name)
    )
    if not files:
        raise InputError(
            "no delivered file has this name or content", fix="give its path as it stands below the workspace"
        )
    return files


def _same_content(context: Context, known: list[FileEntry], path: Path) -> list[FileEntry]:
    hasher = ContentHasher(context.workspace.home, context.workspace.secret, Path(os.devnull))
    try:
        content, _ = hasher.hash(str(path.absolute()))
    except Refusal:
        return []
    return [entry for entry in known if entry.file_hash == content]


def _days(scope: Scope) -> dict[str, str | None]:
    return {
        "from": None if scope.first == date.min else scope.first.isoformat(),
        "until": None if scope.last == date.max else scope.last.isoformat(),
    }
