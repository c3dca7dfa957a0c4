"""Everything known about one person and where each value came from: the right of access, as data.

Nothing of other people is in it: wherever a row names somebody else, OTHER stands there (own_data.py). The
words and the page are in access_page.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assets.context import Context
from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS
from assets.people_logs import accesses_to, exports_with
from assets.person import Statement, Waiting, is_in_a_role, statements_of, waiting_of
from assets.person_days import lists_with, releases_with, stored_days
from assets.tables import workspace_tables
from pipelines.explain import Attribute, decisions_on, explain_customer, in_language
from pipelines.identity_view import IdentityView, Row
from pipelines.own_data import Own
from pipelines.subject import Subject
from warehouse.contracts import Field
from warehouse.engine import identifier

IN_LONG_FORM = frozenset({"customer_attributes"})
"""Tables whose rows stand in the report by themselves, with more beside them."""
TOLD = frozenset({"at", "list", "purpose", "as_of", "release", "columns", "contact_channels"})
"""What is told of a line of a ledger: not who did it, who is an employee."""


@dataclass(frozen=True)
class AccessReport:
    """What a person is told. `tables` holds the rows of the release that name the person, by table."""

    company: str
    release: int
    as_of: date
    customer_id: int
    earlier_ids: list[int]
    records: list[Row]
    golden_record: list[Attribute]
    statements: list[Statement]
    quarantined: list[Waiting]
    tables: dict[str, list[Row]]
    decisions: list[Row]
    stored_days: list[Row]
    releases: list[Row]
    lists: list[Row]
    exports: list[Row]
    earlier_requests: list[Row]
    purposes: list[Row]
    retention: Row


def access_report(context: Context, view: IdentityView, subject: Subject) -> AccessReport:
    """Everything known about the person as of the current release."""
    found = explain_customer(view, subject.customer_id)
    keys, settings = list(subject.record_keys), context.workspace.settings
    earlier = sorted({row["previous_customer_id"] for row in found.earlier_ids})
    in_roles = frozenset(k for k in keys if is_in_a_role(context, k) and k.rpartition("/")[0] not in keys)
    own = Own(frozenset({subject.customer_id, *earlier}), frozenset(keys), in_roles)
    statements = [own.statement(said) for said in statements_of(context, keys)]
    days = stored_days(context, subject.customer_id, keys)
    return AccessReport(
        company=settings.company,
        release=view.release,
        as_of=view.as_of,
        customer_id=subject.customer_id,
        earlier_ids=earlier,
        records=[{"record_key": own.key(r.record_key), "channels": r.channels} for r in found.records],
        golden_record=[own.attribute(attribute) for attribute in found.attributes],
        statements=statements,
        quarantined=waiting_of(context, keys),
        tables=_tables(view, subject, own),
        decisions=[own.decision(row) for row in decisions_on(view, keys)],
        stored_days=days,
        releases=releases_with(context, [row["as_of"] for row in days]),
        lists=lists_with(context, subject.customer_id, keys),
        exports=_told(exports_with(context, [subject.customer_id, *earlier])),
        earlier_requests=_told(accesses_to(context, subject.customer_id)),
        purposes=_purposes(context, statements),
        retention={"days": settings.retention_days, "month_ends": settings.retention_month_ends},
    )


def report_json(report: AccessReport) -> str:
    """The report for a machine: the right to take one's data elsewhere."""
    content = {name: in_language(getattr(report, name), "en") for name in report.__dataclass_fields__}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"


def _tables(view: IdentityView, subject: Subject, own: Own) -> dict[str, list[Row]]:
    """The rows of every table of the release that name the person, other people taken out of them."""
    found = {}
    for table in workspace_tables(view.context.workspace).values():
        naming = [c for c in table.column_names if c in CUSTOMER_COLUMNS | RECORD_COLUMNS]
        if not naming or table.name in IN_LONG_FORM:
            continue
        given: dict[str, Any] = {}
        tests = []
        for column in naming:
            of_customer = column in CUSTOMER_COLUMNS
            given |= {"ids": [subject.customer_id]} if of_customer else {"keys": list(subject.record_keys)}
            tests.append(f"{identifier(column)} IN (SELECT UNNEST({'$ids' if of_customer else '$keys'}))")
        name = f"vault.{table.name}" if table.zone == "vault" else table.name
        rows = view.rows(f"SELECT * FROM {name} WHERE {' OR '.join(tests)} ORDER BY ALL", **given)
        if rows:
            found[table.name] = [own.row(row) for row in rows]
    return found


def _told(lines: Sequence[Row]) -> list[Row]:
    return [{name: value for name, value in line.items() if name in TOLD} for line in lines]


def _purposes(context: Context, statements: Sequence[Statement]) -> list[Row]:
    """What the fields that are known of the person are kept for, as their contracts declare."""
    known = {(said.contract, name) for said in statements for name in said.values}
    kept: dict[str, dict[str, Field]] = {}
    for contract in context.workspace.inputs.values():
        for field in contract.fields:
            if (contract.name, field.name) in known:
                kept.setdefault(field.purpose, {}).setdefault(field.name, field)
    return [
        {"purpose": purpose, "fields": {name: field.description for name, field in kept[purpose].items()}}
        for purpose in sorted(kept)
    ]
