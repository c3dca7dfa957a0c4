"""The runbook: every check of every table, what it says when it is red and what to do then."""

from __future__ import annotations

from typing import NamedTuple

from data_quality.rules import checks_for
from data_quality.wording import PRIVACY_CHECKS
from warehouse.contracts import Table


class RunbookRow(NamedTuple):
    """One check for the documentation."""

    table: str
    check: str
    rule: str
    severity: str
    problem_en: str
    fix_en: str
    problem_id: str
    fix_id: str


def runbook(table: Table) -> list[RunbookRow]:
    """The rows of one table, in the order in which the gate reports them."""
    rows = [
        RunbookRow(
            table.name,
            check.name,
            check.full_name,
            check.severity,
            check.description.en,
            check.fix.en,
            check.description.id,
            check.fix.id,
        )
        for check in checks_for(table)
    ]
    if table.zone == "bi":
        rows += [
            RunbookRow(
                table.name,
                name,
                f"{table.name}.{name}",
                "error",
                wording.problem.en,
                wording.fix.en,
                wording.problem.id,
                wording.fix.id,
            )
            for name, wording in PRIVACY_CHECKS.items()
        ]
    return rows
