"""The checks of a table as a Great Expectations suite, run on DuckDB over its Parquet files.

One context, one data source and one connection serve the whole process; each run points the view `satu_rows`
at other files. Great Expectations costs seconds to import, so that happens inside the functions only. No
value is ever asked for: results are counts, and what an exception says stays here.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from data_quality.gx_import import great_expectations
from data_quality.parquet import Files, References, literal, read_parquet, settings, spill_beside
from data_quality.questions import table_question
from data_quality.results import CheckResult, not_evaluated
from data_quality.rules import Check, checks_for
from data_quality.schema_check import examine
from warehouse.contracts import Table
from warehouse.encrypted_files import make_readable

ENGINE = "great_expectations"
ROWS = "satu_rows"
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
NOT_COMPUTED = "the rule cannot be computed on this table"
SEVERITIES = {"error": "critical", "warn": "warning"}
_ONE_RUN_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class _Session:
    """Great Expectations, started: its batch definition over `satu_rows` and the SQLAlchemy engine."""

    batch_definition: Any
    engine: Any


def run_suite(table: Table, parquet: Files, references: References | None = None) -> list[CheckResult]:
    """Every check of the table on these files; references are checked against the tables that are given."""
    given = references or {}
    examination = examine(table, parquet, given, ENGINE)
    results: list[CheckResult] = []
    if examination.to_run:
        with _ONE_RUN_AT_A_TIME, _quiet():
            results = _run(examination.to_run, parquet, given, table, examination.rows)
    return examination.in_order(checks_for(table), results)


def _run(
    checks: Sequence[Check], files: Files, references: References, table: Table, rows: int
) -> list[CheckResult]:
    session = _session()
    spill = literal(spill_beside(files))
    with session.engine.connect() as connection:
        make_readable(connection.connection.dbapi_connection)
        with contextlib.suppress(Exception):  # DuckDB keeps a folder it has spilled to before
            connection.exec_driver_sql(f"SET temp_directory = {spill}")
        connection.exec_driver_sql(f"CREATE OR REPLACE TEMP VIEW {ROWS} AS FROM {read_parquet(files)}")
    try:
        results = _validate(session, checks, references, table, rows)
        raised = [check for check in checks if results[check.name].note]
        if raised and len(checks) > 1:  # one rule that cannot be computed takes its whole query with it
            for check in raised:
                results |= _validate(session, [check], references, table, rows)
    finally:
        with session.engine.connect() as connection:
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {ROWS}")
    return list(results.values())


def _validate(
    session: _Session, checks: Sequence[Check], references: References, table: Table, rows: int
) -> dict[str, CheckResult]:
    """The outcome of each check; one that raised has a note and is an error whatever its own severity."""
    gx = great_expectations()
    results = {check.name: not_evaluated(check.name, rows, ENGINE, NOT_COMPUTED) for check in checks}
    by_name = {check.name: check for check in checks}
    try:
        expectations = [_expectation(check, references) for check in checks]
        suite = gx.ExpectationSuite(name=table.name, expectations=expectations)
        outcomes = session.batch_definition.get_batch().validate(suite, result_format=COUNTS_ONLY).results
    except Exception:  # whatever it is, the checks count as failed, and its text may hold data
        return results
    for outcome in outcomes:
        check = by_name[outcome.expectation_config.meta["check"]]
        if not _raised(outcome.exception_info):
            failed = _failed(check, outcome.result)
            results[check.name] = CheckResult(
                check.name, bool(outcome.success), rows, failed, check.severity, ENGINE
            )
    return results


def _failed(check: Check, result: dict[str, Any]) -> int:
    if check.kind == "row_count":
        return max(0, check.min_rows - int(result["observed_value"]))
    return int(result["unexpected_count"] or 0)  # the sum over an empty table is NULL


def _raised(info: dict[str, Any] | None) -> bool:
    """Whether an expectation raised: the entry is flat for itself, nested by metric for what it needs."""
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(isinstance(entry, dict) and entry.get("raised_exception", True) for entry in info.values())


def _expectation(check: Check, references: References) -> Any:
    """The expectation that says the same as the check.

    All predicates on rows are one kind of expectation: the built-in ones for sets, ranges and NULLs say the
    same and ask for five metrics each where this one asks for one.
    """
    gxe = great_expectations().expectations
    from data_quality.gx_expectations import own_expectations

    said: dict[str, Any] = {"meta": {"check": check.name}, "severity": SEVERITIES[check.severity]}
    if check.kind == "row_count":
        return gxe.ExpectTableRowCountToBeBetween(min_value=check.min_rows, **said)
    if check.predicate:
        return own_expectations().rows_to_satisfy(predicate=check.predicate, **said)
    return own_expectations().count_to_be_zero(query=table_question(check, ROWS, references), **said)


@cache
def _session() -> _Session:
    """Start Great Expectations: in memory, without files or progress bars."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    from data_quality import gx_dialect

    gx_dialect.register()
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    source = context.data_sources.add_sql(
        "satu",
        connection_string=gx_dialect.URL_IN_MEMORY,
        kwargs={"connect_args": {"config": settings()}},
    )
    asset = source.add_query_asset("rows", query=f"SELECT * FROM {ROWS}")
    return _Session(asset.add_batch_definition_whole_table("all"), source.get_execution_engine().engine)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """No log line of Great Expectations while it runs: its messages may hold values of the data."""
    logger = logging.getLogger("great_expectations")
    before = logger.handlers, logger.propagate
    logger.handlers, logger.propagate = [logging.NullHandler()], False
    try:
        yield
    finally:
        logger.handlers, logger.propagate = before
