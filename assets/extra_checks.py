"""Checks of a table that its contract cannot state: they ask other tables of the day."""

from __future__ import annotations

from assets.accounts import mostly_accepted
from assets.day import Day
from data_quality.list_checks import GOES_BY_CONTACTABILITY, list_breaches_sql
from data_quality.results import CheckResult
from warehouse.contracts import Table

# Tables whose totals must agree with others: the check, and the model whose one row has the `difference`.
BALANCES = {
    "order_lines": ("reconciliation", "order_lines_reconciliation"),
    "product_sales": ("reconciliation", "product_sales_reconciliation"),
    "rfm_migration": ("balance", "rfm_migration_balance"),
    "pareto_summary": ("reconciliation", "reconciliation"),
    "pareto_groups": ("balance", "pareto_groups_balance"),
    "cohorts": ("reconciliation", "cohort_reconciliation"),
    "clv_groups": ("balance", "clv_groups_balance"),
    "value_matrix": ("balance", "value_matrix_balance"),
    "model_calibration": ("balance", "model_calibration_balance"),
    "market_potential": ("balance", "market_balance"),
    "lead_sources": ("balance", "lead_balance"),
}
CONTACTABILITY = "contactability"


def extra_checks(day: Day, table: Table) -> list[CheckResult]:
    """What a table's gate asks beside its contract, answered by the day that made it."""
    if table.name == "conservation":
        return [mostly_accepted(day.units, day.as_of, day.context.ledger.replaced(day.as_of))]
    if table.is_list:
        return [_contact_rules_kept(day, table)]
    if table.name in BALANCES:
        check, model = BALANCES[table.name]
        (row,) = day.fetch(model, "difference").to_pylist()
        return [CheckResult(check, row["difference"] == 0, 1, int(row["difference"] != 0), "error", "sql")]
    return []


def read_by_checks(table: Table) -> set[str]:
    """The tables those checks read."""
    if table.is_list:
        return {CONTACTABILITY}
    return {BALANCES[table.name][1]} if table.name in BALANCES else set()


def _contact_rules_kept(day: Day, table: Table) -> CheckResult:
    """Nobody is shown as contactable in a list against `contactability`."""
    day.need(CONTACTABILITY)
    (row,) = day.engine.fetch(list_breaches_sql(table)).to_pylist()
    checked, failed = row["count_checked"], row["count_failed"]
    return CheckResult(GOES_BY_CONTACTABILITY, failed == 0, checked, failed, "error", "sql")
