"""The runbook: every check of every table, what it looks at, what it says when it is red, what to do then."""

from __future__ import annotations

from typing import NamedTuple

from data_quality.list_checks import LIST_CHECKS
from data_quality.rules import checks_for
from data_quality.wording import NIGHT_CHECKS, PRIVACY_CHECKS, Wording
from warehouse.contracts import Table
from warehouse.contracts.model import Severity


class RunbookRow(NamedTuple):
    """One check for people."""

    table: str
    check: str
    rule: str
    severity: Severity
    wording: Wording


def runbook(table: Table) -> list[RunbookRow]:
    """The rows of one table, in the order in which the gate reports them."""
    rows = [
        RunbookRow(table.name, check.name, check.full_name, check.severity, check.wording)
        for check in checks_for(table)
    ]
    others = (PRIVACY_CHECKS if table.zone == "bi" else {}) | NIGHT_CHECKS.get(table.name, {})
    others |= LIST_CHECKS if table.is_list else {}
    return rows + [
        RunbookRow(table.name, name, f"{table.name}.{name}", "error", wording)
        for name, wording in others.items()
    ]
