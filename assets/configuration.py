"""The small tables of configuration that SQL models read instead of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pyarrow as pa

from assets.contact_rules import CONTACT_TABLES
from assets.context import Context
from assets.decision_files import read_decisions
from assets.keeping import kept_anchors
from transforms.records.suppression import KINDS, RECORD
from warehouse.errors import ConfigError

DECISION_COLUMNS = ("record_a", "record_b", "decision")
DECIDED_ON = "decided_on"
DECISION_NOTES = (DECIDED_ON, "by", "note")
SAME, DIFFERENT, WITHDRAWN = "same", "different", "withdrawn"
PAIRS_FILE = "pairs.csv"
SUPPRESSIONS_FILE = "suppressions.csv"
ERASED_FILE = "erased.csv"
ERASED_COLUMNS = ("customer_id", "erased_on")


def fit_day(context: Context, as_of: date) -> date:
    """The day whose fits score `as_of`: the first of its month, or the day itself when refit daily."""
    return as_of if context.workspace.settings.refit == "daily" else as_of.replace(day=1)


def previous_month_end(as_of: date) -> date:
    """The last month-end before a day."""
    return as_of.replace(day=1) - timedelta(days=1)


def params(context: Context, as_of: date) -> pa.Table:
    """One row: as_of, timezone, currency, default_margin, history_start, lead_window_days."""
    settings = context.workspace.settings
    return pa.table(
        {
            "as_of": pa.array([as_of], pa.date32()),
            "timezone": pa.array([settings.timezone], pa.string()),
            "currency": pa.array([settings.currency], pa.string()),
            "default_margin": pa.array(
                [Decimal(str(round(settings.default_margin, 6)))], pa.decimal128(9, 6)
            ),
            "history_start": pa.array([settings.history_start], pa.date32()),
            "lead_window_days": pa.array([settings.lead_window_days], pa.int32()),
        }
    )


def value_settings(context: Context, as_of: date) -> pa.Table:
    """One row: what the marts about customers' behaviour are told by `satu.yaml`."""
    settings = context.workspace.settings
    medium_from, high_from = (Decimal(str(round(bound, 6))) for bound in settings.churn_bands)
    return pa.table(
        {
            "has_season": pa.array([settings.has_season], pa.bool_()),
            "churn_medium_from": pa.array([medium_from], pa.decimal128(7, 6)),
            "churn_high_from": pa.array([high_from], pa.decimal128(7, 6)),
            "runout_lead_days": pa.array([settings.runout_lead_days], pa.int32()),
            "quantity_elasticity": pa.array(
                [Decimal(str(round(settings.quantity_elasticity, 6)))], pa.decimal128(7, 6)
            ),
        }
    )


def as_of_dates(context: Context, as_of: date) -> pa.Table:
    """The day itself and the previous month-end, each with its fit day and the first day of its window."""
    days = {"current": as_of, "previous": previous_month_end(as_of)}
    window = timedelta(days=context.workspace.settings.rfm_window_days - 1)
    return pa.table(
        {
            "role": pa.array(list(days), pa.string()),
            "as_of": pa.array(list(days.values()), pa.date32()),
            "fit_day": pa.array([fit_day(context, day) for day in days.values()], pa.date32()),
            "window_start": pa.array([day - window for day in days.values()], pa.date32()),
        }
    )


def channels(context: Context, as_of: date) -> pa.Table:
    """One row per channel contract."""
    found = list(context.workspace.channels.values())
    return pa.table(
        {
            "channel": pa.array([c.name for c in found], pa.string()),
            "description_en": pa.array([c.description.en for c in found], pa.string()),
            "description_id": pa.array([c.description.id for c in found], pa.string()),
            "trust": pa.array([c.trust for c in found], pa.int32()),
            "id_space": pa.array([c.id_space for c in found], pa.string()),
        }
    )


def segments(context: Context, as_of: date) -> pa.Table:
    """One row per segment of the company that can be computed."""
    found = sorted(context.workspace.segments.values(), key=lambda segment: segment.name)
    columns = {
        "segment": [s.name for s in found],
        "description_en": [s.description.en for s in found],
        "description_id": [s.description.id for s in found],
        "purpose": [s.purpose for s in found],
        "version": [s.version for s in found],
        "condition": [" ".join(s.where.text().split()) for s in found],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def mapping_roles(context: Context, as_of: date) -> pa.Table:
    """One row per mapping of contacts in a role (`as: recipient`), by channel and number of the mapping."""
    found = [
        (channel.name, mapping.number, mapping.role)
        for channel in context.workspace.channels.values()
        for mapping in channel.mappings
        if mapping.contract == "contacts" and mapping.role is not None
    ]
    return pa.table(
        {
            "channel": pa.array([channel for channel, _, _ in found], pa.string()),
            "mapping": pa.array([number for _, number, _ in found], pa.int32()),
            "role": pa.array([role for _, _, role in found], pa.string()),
        }
    )


def mapped_fields(context: Context, as_of: date) -> pa.Table:
    """One row per field a channel's mapping fills, with its family and purpose."""
    inputs = context.workspace.inputs
    found = [
        (channel.name, mapping.contract, mapping.number, field)
        for channel in context.workspace.channels.values()
        for mapping in channel.mappings
        for field in (inputs[mapping.contract].field_named(mapped.field) for mapped in mapping.fields)
        if field is not None
    ]
    return pa.table(
        {
            "channel": pa.array([channel for channel, *_ in found], pa.string()),
            "contract": pa.array([contract for _, contract, *_ in found], pa.string()),
            "mapping": pa.array([number for *_, number, _ in found], pa.int32()),
            "field": pa.array([field.name for *_, field in found], pa.string()),
            "family": pa.array([field.family for *_, field in found], pa.string()),
            "purpose": pa.array([field.purpose for *_, field in found], pa.string()),
        }
    )


def decisions(context: Context, as_of: date) -> pa.Table:
    """Stewards' decisions on pairs of records; they apply at every as_of."""
    return _decision_table(pair_decisions(context))


def decisions_but_those_of(context: Context, day: date) -> pa.Table:
    """The decisions in force had none been made on a day: what that day's are told apart from."""
    return _decision_table(pair_decisions(context, not_on=day))


def _decision_table(rows: list[dict[str, str]]) -> pa.Table:
    kept = sorted(rows, key=lambda row: (row["record_a"], row["record_b"]))
    columns = (*DECISION_COLUMNS, DECIDED_ON)
    return pa.table({name: pa.array([row[name] for row in kept], pa.string()) for name in columns})


def pair_decisions(context: Context, not_on: date | None = None) -> list[dict[str, str]]:
    """The decisions of `decisions/pairs.csv` in force, every column: the last line on a pair holds.

    One that was withdrawn stays in the file, so that it can be read later, and no longer counts.
    """
    rows = read_decisions(context, PAIRS_FILE, DECISION_COLUMNS, DECISION_NOTES)
    for number, row in enumerate(rows, start=2):
        if row["decision"] not in (SAME, DIFFERENT, WITHDRAWN):
            raise ConfigError(
                "a decision is neither same nor different", file=f"decisions/{PAIRS_FILE}", line=number,
                fix=f"write `{SAME}` or `{DIFFERENT}`, or `{WITHDRAWN}` to take one back",
            )  # fmt: skip
    passed_over = None if not_on is None else not_on.isoformat()
    counted = [row for row in rows if row[DECIDED_ON] != passed_over]
    latest = {frozenset((row["record_a"], row["record_b"])): row for row in counted}
    return [row for row in latest.values() if row["decision"] != WITHDRAWN]


def suppressions(context: Context) -> pa.Table:
    """Keyed hashes of erased people who must not come back (`decisions/suppressions.csv`), by their kind."""
    rows = read_decisions(context, SUPPRESSIONS_FILE, ("record_hash",), ("kind",))
    entries = sorted({(row["kind"] or RECORD, row["record_hash"]) for row in rows})
    if unknown := {kind for kind, _ in entries} - set(KINDS):
        raise ConfigError(
            f"there is no kind of suppression `{min(unknown)}`", file=f"decisions/{SUPPRESSIONS_FILE}",
            fix=f"write one of {', '.join(KINDS)}",
        )  # fmt: skip
    columns = {"kind": [kind for kind, _ in entries], "record_hash": [known for _, known in entries]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def erased_customers(context: Context, as_of: date) -> pa.Table:
    """The numbers of customers erased on a day (`decisions/erased.csv`)."""
    rows = read_decisions(context, ERASED_FILE, ERASED_COLUMNS)
    numbers = {int(row["customer_id"]) for row in rows if row["erased_on"] == as_of.isoformat()}
    return pa.table({"customer_id": pa.array(sorted(numbers), pa.int64())})


CONFIGURATION_TABLES: dict[str, Callable[[Context, date], pa.Table]] = {
    "params": params,
    "value_settings": value_settings,
    "as_of_dates": as_of_dates,
    "channels": channels,
    "segments": segments,
    "mapping_roles": mapping_roles,
    "mapped_fields": mapped_fields,
    "decisions": decisions,
    "kept_anchors": kept_anchors,
    "erased_customers": erased_customers,
    **CONTACT_TABLES,
}
