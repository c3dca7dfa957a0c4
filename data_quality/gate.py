"""The gate: all checks of a table before it is written; an error-level failure stops it there.

It stands inside the asset, because a failed check beside an asset does not stop a backfill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from data_quality.gx_runner import run_suite
from data_quality.parquet import Files, References
from data_quality.privacy import content_result, contract_result, scan_parquet
from data_quality.results import CheckResult, not_evaluated
from data_quality.rules import checks_for
from data_quality.runbook import runbook
from data_quality.sql_runner import run_sql
from data_quality.wording import NO_PERSONAL_TEXT
from warehouse.contracts import Table
from warehouse.errors import GateFailed

Engine = Literal["great_expectations", "sql"]
RUNNERS: dict[Engine, Callable[..., list[CheckResult]]] = {"great_expectations": run_suite, "sql": run_sql}
NAMED_IN_A_SENTENCE = 5


@dataclass(frozen=True)
class GateReport:
    """What the gate saw of one table."""

    table: str
    results: tuple[CheckResult, ...]
    not_checked: tuple[str, ...] = ()
    fixes: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def errors(self) -> list[CheckResult]:
        """Failed checks that stop the table."""
        return [r for r in self.results if not r.passed and r.severity == "error"]

    @property
    def warnings(self) -> list[CheckResult]:
        """Failed checks that are reported and let the table pass."""
        return [r for r in self.results if not r.passed and r.severity == "warn"]

    @property
    def passed(self) -> bool:
        """Whether the table may be written."""
        return not self.errors

    def raise_if_failed(self) -> None:
        """Raise GateFailed with one sentence: the table, its broken rules with counts, what to do first."""
        if self.passed:
            return
        errors = self.errors
        named = ", ".join(_in_words(result) for result in errors[:NAMED_IN_A_SENTENCE])
        more = len(errors) - NAMED_IN_A_SENTENCE
        rest = f" and {more} more" if more > 0 else ""
        rules = "rule" if len(errors) == 1 else "rules"
        fix = self.fixes.get(errors[0].check, "see the runbook for this rule")
        raise GateFailed(
            f"{self.table} is not written because it breaks {len(errors)} {rules}: {named}{rest}",
            fix=_as_clause(fix),
        )


def inspect(
    table: Table,
    parquet: Files,
    references: References | None = None,
    *,
    extra: Sequence[CheckResult] = (),
    engine: Engine = "great_expectations",
) -> GateReport:
    """All checks of a table on its files: contract, keys, references, and personal data in a BI table.

    `references` are the files of other tables by name; without them their checks are listed as not checked.
    `extra` are results computed elsewhere (reconciliation, volume), judged like the others.
    """
    results = RUNNERS[engine](table, parquet, references or {})
    done = {result.check for result in results}
    not_checked = tuple(check.name for check in checks_for(table) if check.name not in done)
    if table.zone == "bi":
        results = [*results, contract_result(table), _content(table, parquet, results)]
    fixes = {row.check: row.wording.fix.en for row in runbook(table)}
    return GateReport(table.name, (*results, *extra), not_checked, fixes)


def _content(table: Table, parquet: Files, results: Sequence[CheckResult]) -> CheckResult:
    """The scan of the text; a scan that fails is a failed check, and its message stays here.

    A column that was just found to hold only the words of its contract is not read again.
    """
    passed = {result.check for result in results if result.passed}
    worded = {c.columns[0] for c in checks_for(table) if c.kind == "in_set" and c.name in passed}
    rows = max((r.count_checked for r in results if r.check.startswith("row_count")), default=0)
    try:
        return content_result(table, scan_parquet(table, parquet, without=worded), rows)
    except Exception:  # whatever it is, nothing may be published unscanned
        return not_evaluated(NO_PERSONAL_TEXT, rows, "privacy_scan", "the text cannot be scanned")


def _in_words(result: CheckResult) -> str:
    counts = f"{result.count_failed:,} of {result.count_checked:,}"
    return f"{result.check} ({result.note or counts})"


def _as_clause(sentence: str) -> str:
    return (sentence[0].lower() + sentence[1:]).rstrip(".")
