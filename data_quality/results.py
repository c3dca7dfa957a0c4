"""The outcome of a check: names and counts only, so that it may be shown, logged and published."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.contracts.model import Severity


@dataclass(frozen=True)
class CheckResult:
    """How one check of one table went. `note` says why a check could not be evaluated; it holds no data."""

    check: str
    passed: bool
    count_checked: int
    count_failed: int
    severity: Severity
    engine: str
    note: str = ""


def not_evaluated(check: str, count_checked: int, engine: str, note: str) -> CheckResult:
    """A check that could not be run counts as failed, always at error severity."""
    return CheckResult(check, False, count_checked, count_checked, "error", engine, note)
