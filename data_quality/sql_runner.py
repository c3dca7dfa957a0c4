"""The checks of a table in plain SQL: one pass for all row predicates, one query per key and reference.

It needs nothing but DuckDB and gives the same counts as Great Expectations; the tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from data_quality.parquet import Files, References, connection_for, read_parquet
from data_quality.questions import ROW_KINDS, table_question
from data_quality.results import CheckResult, not_evaluated
from data_quality.rules import Check, checks_for
from data_quality.schema_check import examine
from warehouse.contracts import Table

ENGINE = "sql"


def run_sql(table: Table, parquet: Files, references: References | None = None) -> list[CheckResult]:
    """Every check of the table on these files; references are checked against the tables that are given."""
    given = references or {}
    examination = examine(table, parquet, given, ENGINE)
    results: list[CheckResult] = []
    if examination.to_run:
        with connection_for(parquet) as con:
            results = _run(con, examination.to_run, parquet, given, examination.rows)
    return examination.in_order(checks_for(table), results)


def _run(
    con: duckdb.DuckDBPyConnection, checks: Sequence[Check], files: Files, references: References, rows: int
) -> list[CheckResult]:
    source = read_parquet(files)
    on_rows = [check for check in checks if check.kind in ROW_KINDS]
    results = _in_one_pass(con, on_rows, source, rows)
    for check in checks:
        if check.kind == "row_count":
            results.append(_result(check, rows, max(0, check.min_rows - rows)))
        elif check.kind not in ROW_KINDS:
            results.append(_ask(con, check, table_question(check, source, references), rows))
    return results


def _in_one_pass(
    con: duckdb.DuckDBPyConnection, checks: Sequence[Check], source: str, rows: int
) -> list[CheckResult]:
    """Failing rows of all predicates at once; when one cannot be computed, each by itself."""
    if not checks:
        return []
    counts = ", ".join(f"COUNT(*) FILTER (WHERE NOT ({check.predicate}))" for check in checks)
    try:
        found = con.execute(f"SELECT {counts} FROM {source}").fetchone() or ()
    except duckdb.Error:
        if len(checks) == 1:
            return [not_evaluated(checks[0].name, rows, ENGINE, "the rule cannot be computed on this table")]
        return [result for check in checks for result in _in_one_pass(con, [check], source, rows)]
    return [_result(check, rows, int(failed)) for check, failed in zip(checks, found, strict=True)]


def _ask(con: duckdb.DuckDBPyConnection, check: Check, question: str, rows: int) -> CheckResult:
    try:
        answer = con.execute(question).fetchone()
    except duckdb.Error:
        return not_evaluated(check.name, rows, ENGINE, "the rule cannot be computed on this table")
    return _result(check, rows, int(answer[0]) if answer is not None else 0)


def _result(check: Check, rows: int, failed: int) -> CheckResult:
    return CheckResult(check.name, failed == 0, rows, failed, check.severity, ENGINE)
