"""Who may be contacted, as a company says it: purposes, channels, caps (`satu.yaml`) and the blacklist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa

from assets.context import Context
from assets.decision_files import read_decisions
from warehouse.contact import ANY, CONTACT_CHANNELS, ORDERS
from warehouse.errors import ConfigError

BLACKLIST_FILE = "blacklist.csv"
KINDS = ("record", "email", "phone", "nik", "national_id", "member_id")
"""What an entry of the blacklist names: a source record, or an identifier whatever record holds it."""
MARKETING = "marketing"
_NEEDED = ("kind", "value", "reason", "evidence")
_OPTIONAL = ("listed_on", "expires_on", "contact_channel")


def contact_settings(context: Context, as_of: date) -> pa.Table:
    """One row: the window of contact pressure, its caps, the company's own hours if it has some, who owns."""
    contact = context.workspace.settings.contact
    days = ("window_days", "max_contacts", "max_per_channel", "owner_days")
    caps = {name: getattr(contact, name) for name in days}
    first, last = contact.hours or (None, None)
    hours = {"hours_from": pa.array([first], pa.string()), "hours_until": pa.array([last], pa.string())}
    owned = {"is_owned_by_sale": pa.array([ORDERS in contact.owner_by], pa.bool_())}
    return pa.table({name: pa.array([value], pa.int32()) for name, value in caps.items()} | hours | owned)


def contact_channels(context: Context, as_of: date) -> pa.Table:
    """One row per channel of contact the company uses; the preferred one has position 1."""
    names = context.workspace.settings.contact.channels
    return pa.table(
        {
            "contact_channel": pa.array(names, pa.string()),
            "position": pa.array(range(1, len(names) + 1), pa.int32()),
        }
    )


def contact_purposes(context: Context, as_of: date) -> pa.Table:
    """One row per purpose that segments or settings name, and whether it needs consent."""
    without = context.workspace.settings.contact.without_consent
    named = {segment.purpose.strip().lower() for segment in context.workspace.segments.values()}
    purposes = sorted({MARKETING, *named, *without})
    return pa.table(
        {
            "purpose": pa.array(purposes, pa.string()),
            "needs_consent": pa.array([purpose not in without for purpose in purposes], pa.bool_()),
        }
    )


def blacklist_entries(context: Context, as_of: date) -> pa.Table:
    """One row per line of `decisions/blacklist.csv`, those of other days included."""
    entries = read_blacklist(context)
    kinds = {"entry_no": pa.int32(), "listed_on": pa.date32(), "expires_on": pa.date32()}
    columns = ("entry_no", *_NEEDED, *_OPTIONAL)
    found = {name: pa.array([e[name] for e in entries], kinds.get(name, pa.string())) for name in columns}
    country = context.workspace.settings.country
    return pa.table(found | {"country": pa.array([country] * len(entries), pa.string())})


def read_blacklist(context: Context) -> list[dict[str, object]]:
    """The entries of the blacklist; ConfigError names the line of a wrong one."""
    rows = read_decisions(context, BLACKLIST_FILE, _NEEDED, _OPTIONAL)
    return [_entry(row, line) for line, row in enumerate(rows, start=2)]


def _entry(row: dict[str, str], line: int) -> dict[str, object]:
    """The values stay out of every message: they are personal data."""
    if row["kind"] not in KINDS:
        raise _wrong(line, "the kind is not known", f"write one of {', '.join(KINDS)}")
    for name in _NEEDED:
        if not row[name]:
            raise _wrong(line, f"the {name} is empty", "say whom, why, and where the evidence lies")
    channel = row["contact_channel"] or ANY
    if channel not in (ANY, *CONTACT_CHANNELS):
        raise _wrong(
            line, "the channel of contact is not known", f"write one of {', '.join(CONTACT_CHANNELS)}"
        )
    days = {name: _day(row[name], name, line) for name in ("listed_on", "expires_on")}
    return {"entry_no": line, **row, "contact_channel": channel, **days}


def _day(text: str, name: str, line: int) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _wrong(line, f"`{name}` is not a date", "write it as YYYY-MM-DD") from None


def _wrong(line: int, message: str, fix: str) -> ConfigError:
    return ConfigError(message, file=f"decisions/{BLACKLIST_FILE}", line=line, fix=fix)


CONTACT_TABLES: dict[str, Callable[[Context, date], pa.Table]] = {
    "contact_settings": contact_settings,
    "contact_channels": contact_channels,
    "contact_purposes": contact_purposes,
    "blacklist_entries": blacklist_entries,
}
