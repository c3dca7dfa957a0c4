"""What a morning reader wants to know of last night, and whether the warehouse is in good health."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from assets.context import Context
from assets.night import day_fingerprint
from assets.plan import planned_units
from assets.pulling import pull_problems
from assets.quarantine import count_arrived, count_waiting, rejected_files
from assets.records import all_units
from assets.tables import workspace_tables
from warehouse.contracts import load_table
from warehouse.ledger import Registration
from warehouse.publish import current_release, manifest_of
from warehouse.query import query

_CHANGES = ("new", "merged", "split")
TROUBLES = {
    "unreadable_files": "file",
    "rejected_files": "rejected",
    "refused_files": "refused",
    "not_pulled": "not pulled",
    "left_out": "left out",
}


def morning_summary(context: Context, day: date, registration: Registration | None = None) -> dict[str, Any]:
    """New, merged and split customers, quarantined rows, totals against the day before, files in trouble."""
    warehouse = context.workspace.warehouse
    before = day - timedelta(days=1)
    release = current_release(warehouse)

    def one(sql: str) -> dict[str, Any]:
        row: dict[str, Any] = query(warehouse, sql).to_pylist()[0]
        return row

    changes = {
        row["event"]: row["n"]
        for row in query(
            warehouse,
            "SELECT event, COUNT(DISTINCT customer_id) AS n FROM history.customer_id_history"
            f" WHERE as_of = DATE '{day}' GROUP BY event",
        ).to_pylist()
    }
    paths = context.ledger.paths()
    unreadable = {
        (paths[u.channel, u.file_seq], u.problem) for u in all_units(context) if u.problem is not None
    }
    sales = {
        str(when): one(
            "SELECT COUNT(*) AS orders, COALESCE(SUM(net_revenue), 0) AS net_revenue FROM orders"
            f" WHERE ordered_on = DATE '{when}'"
        )
        for when in (day, before)
    }
    return {
        "as_of": str(day),
        "release": None if release is None else release.seq,
        "customers": {"total": one("SELECT COUNT(*) AS n FROM customers")["n"]}
        | {event: changes.get(event, 0) for event in _CHANGES},
        "quarantined": {
            "arrived_that_day": count_arrived(context, day),
            "in_all": count_waiting(context),
        },
        "sales": sales,
        "currency": context.workspace.settings.currency,
        "unreadable_files": sorted(
            problem if problem.startswith(path) else f"{path}: {problem}" for path, problem in unreadable
        ),
        "rejected_files": rejected_files(context, day),
        "refused_files": [f"{r.path}: {r.reason}" for r in registration.refused] if registration else [],
        "not_pulled": list(pull_problems(context).values()),
        "left_out": [str(problem) for problem in context.workspace.problems],
    }


def summary_text(summary: dict[str, Any]) -> str:
    """The summary as a few lines of plain text."""
    customers, sales = summary["customers"], list(summary["sales"].items())
    (day, today), (before, yesterday) = sales
    lines = [
        f"Good morning. Release {summary['release']} shows {summary['as_of']}.",
        f"  customers    {customers['total']:,} ({customers['new']:,} new, {customers['merged']:,} merged, "
        f"{customers['split']:,} split)",
        f"  sales        {day}: {_sold(today, summary)}",
        f"               {before}: {_sold(yesterday, summary)}",
        f"  quarantine   {summary['quarantined']['arrived_that_day']:,} rows that day, "
        f"{summary['quarantined']['in_all']:,} in all (`satu quarantine list`)",
    ]
    for key, label in TROUBLES.items():
        lines += [f"  {label:<12} {problem}" for problem in summary[key]]
    return "\n".join(lines)


def _sold(sales: dict[str, Any], summary: dict[str, Any]) -> str:
    orders = "order" if sales["orders"] == 1 else "orders"
    return f"{sales['orders']:,} {orders}, {sales['net_revenue']:,.0f} {summary['currency']}"


def health(context: Context) -> dict[str, Any]:
    """{release, as_of, tables, checks, quarantined, stale}: what `satu status --json` prints."""
    warehouse = context.workspace.warehouse
    release = current_release(warehouse)
    if release is None:
        return {
            "release": None,
            "as_of": None,
            "tables": [],
            "checks": {"passed": 0, "warned": 0, "failed": 0},
            "quarantined": count_waiting(context),
            "stale": [],
        }
    checks = query(
        warehouse,
        "SELECT COUNT(*) FILTER (WHERE is_passed) AS passed,"
        " COUNT(*) FILTER (WHERE NOT is_passed AND severity = 'warn') AS warned,"
        " COUNT(*) FILTER (WHERE NOT is_passed AND severity = 'error') AS failed FROM quality_results",
    ).to_pylist()[0]
    tables = manifest_of(release)["tables"]
    return {
        "release": release.seq,
        "as_of": release.as_of.isoformat(),
        "tables": [{"name": t["name"], "rows": t["rows"], "as_of": t["as_of"]} for t in tables],
        "checks": checks,
        "quarantined": count_waiting(context),
        "stale": stale_partitions(context),
    }


def stale_partitions(context: Context) -> list[dict[str, str]]:
    """Stored days whose tables were made from other inputs, settings or logic than there are now."""
    units = planned_units(context)
    marks: dict[date, str] = {}
    found = []
    for name, table in workspace_tables(context.workspace).items():
        for partition in context.store.partitions(table):
            if load_table(name).retention == "forever":
                continue
            if partition.as_of not in marks:
                marks[partition.as_of] = day_fingerprint(context, partition.as_of, units)
            if partition.fingerprint != marks[partition.as_of]:
                found.append({"table": name, "as_of": partition.as_of.isoformat()})
    return found
