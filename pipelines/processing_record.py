"""The record of processing (UU 27/2022, article 31), out of what the pipeline itself is made from.

Contracts, channels, registered fields, segments, the files on disk and the ledgers: what the company has not
declared (a legal basis) is shown as missing, never guessed. Names of fields and counts; no person's data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assets.context import Context
from assets.lineage import table_dependencies
from assets.tables import workspace_tables
from pipelines.impact import impact_inputs
from pipelines.unused_fields import unused_fields
from warehouse.chained_ledger import entries
from warehouse.channels import Channel, MappedField
from warehouse.contracts import BI_PRIVACY, Field, Text
from warehouse.publish import current_release
from warehouse.vault_key import state_of

PERSONAL = ("personal", "specific", "quasi", "pseudonym")
EXPORTS = "exports.jsonl"
CUSTOMERS = Text("customers and prospects", "pelanggan dan calon pelanggan")
PERSONS = {
    "salesperson": Text("salespeople", "tenaga penjual"),
    "referrer_id": Text("people who referred others", "orang yang mereferensikan"),
}
ROLES = {
    "recipient": Text("recipients of parcels", "penerima paket"),
    "sender": Text("senders of parcels", "pengirim paket"),
}


def processing_record(context: Context) -> dict[str, Any]:
    """The whole record, as it is written to JSON."""
    workspace = context.workspace
    release = current_release(workspace.warehouse)
    dealing = {name: people_fields(context, channel) for name, channel in workspace.channels.items()}
    return {
        "company": workspace.settings.company,
        "release": None if release is None else release.seq,
        "as_of": None if release is None else release.as_of.isoformat(),
        "activities": [
            activity
            for name, channel in sorted(workspace.channels.items())
            for activity in _activities(context, channel, dealing[name])
        ],
        "channels_without_people": sorted(name for name, fields in dealing.items() if not fields),
        "uses": [
            {"segment": s.name, "purpose": s.purpose, "description": _said(s.description)}
            for s in sorted(workspace.segments.values(), key=lambda s: s.name)
        ],
        "recipients": _recipients(context),
        "kept": _kept(context),
        "security": _security(context),
        "evaluations": _evaluations(context),
        "impact": impact_inputs(context),
        "unused_fields": unused_fields(workspace),
    }


def people_fields(context: Context, channel: Channel) -> list[tuple[MappedField, Field]]:
    """The mapped fields of a channel that say something of people: those of contracts about somebody."""
    inputs = context.workspace.inputs
    found = {
        (mapping.contract, entry.field): (entry, field)
        for mapping in channel.mappings
        if inputs[mapping.contract].is_about_people
        for entry in mapping.fields
        if (field := inputs[mapping.contract].field_named(entry.field)) is not None
    }
    return list(found.values())


def _activities(
    context: Context, channel: Channel, mapped: list[tuple[MappedField, Field]]
) -> list[dict[str, Any]]:
    """One entry per purpose of the channel; a declared purpose is served by all of its fields."""
    kept = context.workspace.keeping.get(channel.name)
    declared = {purpose: [field for _, field in mapped] for purpose in channel.purposes}
    from_fields: dict[str, list[Field]] = {}
    for _, field in mapped:
        from_fields.setdefault(field.purpose, []).append(field)
    return [
        {
            "channel": channel.name,
            "description": _said(channel.description),
            "source": channel.source.path,
            "purpose": purpose,
            "is_declared": bool(channel.purposes),
            "legal_basis": channel.legal_basis,
            "kept": None if kept is None else {"count": kept.count, "unit": kept.unit},
            "persons": _persons(channel, fields),
            "data": by_class(fields),
            "families": sorted({field.family for field in fields}),
        }
        for purpose, fields in sorted((declared or from_fields).items())
        if fields
    ]


def _persons(channel: Channel, fields: list[Field]) -> list[dict[str, str]]:
    named = {field.name for field in fields}
    roles = sorted({mapping.role for mapping in channel.mappings if mapping.role})
    others = (text for name, text in PERSONS.items() if name in named)
    return [
        _said(text) for text in (CUSTOMERS, *others, *(ROLES.get(role, Text(role, role)) for role in roles))
    ]


def by_class(fields: list[Field]) -> dict[str, list[str]]:
    """The fields by privacy class, the most private first; those that say nothing of a person last."""
    classes = ("specific", "personal", "quasi", "pseudonym", "internal", "public")
    found = {name: sorted({f.name for f in fields if f.privacy == name}) for name in classes}
    return {name: names for name, names in found.items() if names}


def _recipients(context: Context) -> list[dict[str, Any]]:
    """What left by way of exports, by list and purpose, from their ledger."""
    path = context.workspace.warehouse / "ledger" / EXPORTS
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries(path, context.workspace.secret) if path.exists() else []:
        key = (str(entry.get("list")), str(entry.get("purpose")))
        found = counted.setdefault(key, {"list": key[0], "purpose": key[1], "exports": 0, "rows": 0})
        found["exports"] += 1
        found["rows"] += int(entry.get("rows") or 0)
    return [counted[key] for key in sorted(counted)]


def _kept(context: Context) -> list[dict[str, Any]]:
    settings = context.workspace.settings
    return [
        {"what": "daily_tables", "count": settings.retention_days, "unit": "day"},
        {"what": "month_ends", "count": settings.retention_month_ends, "unit": "month"},
    ]


def _security(context: Context) -> list[dict[str, Any]]:
    """Measures as they are found now, not as they are meant; some follow from the code."""
    warehouse = context.workspace.warehouse
    bi = [t for t in workspace_tables(context.workspace).values() if t.zone == "bi"]
    private = [warehouse / name for name in ("raw", "vault", "vault_releases", "ledger")]
    return [
        {"measure": "private_folders", "is_in_force": all(_is_private(path) for path in private)},
        {"measure": "private_key", "is_in_force": _is_private(context.workspace.home / "secret.key")},
        {"measure": "keyed_pseudonyms", "is_in_force": len(context.workspace.secret) >= 16},
        {
            "measure": "bi_without_personal_columns",
            "is_in_force": all(c.privacy in BI_PRIVACY for t in bi for c in t.columns),
        },
        {"measure": "vault_use_recorded", "is_in_force": True},
        {"measure": "encryption_at_rest", "is_in_force": state_of(warehouse) == "encrypted"},
    ]


def _is_private(path: Path) -> bool:
    """Nobody but the owner may look; what is not there cannot be looked at."""
    return not path.exists() or path.stat().st_mode & 0o077 == 0


def _evaluations(context: Context) -> list[dict[str, Any]]:
    """Tables that say of people what nobody stated, and the tables they are made from."""
    tables = workspace_tables(context.workspace)
    made_from = table_dependencies(context.workspace)
    return [
        {
            "table": table.name,
            "description": _said(table.description),
            "made_from": sorted(made_from[table.name]),
            "is_list": table.is_list,
        }
        for table in tables.values()
        if table.evaluates
    ]


def _said(text: Text) -> dict[str, str]:
    return {"en": text.en, "id": text.id}
