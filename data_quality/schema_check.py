"""What is settled before rows are asked about: columns and types, checks that cannot run or are proven.

Great Expectations cannot tell BIGINT from INTEGER on DuckDB, so DESCRIBE answers here for both runners.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from data_quality.parquet import Files, References, columns_of, file_list, light_connection, row_count
from data_quality.proofs import proven
from data_quality.results import CheckResult, not_evaluated
from data_quality.rules import Check, checks_for
from warehouse.contracts import Table

FROM_THE_FILE = "parquet"


@dataclass(frozen=True)
class Examination:
    """The state before the rows are looked at: what is settled already and what is still to be run."""

    rows: int
    settled: list[CheckResult]
    to_run: list[Check]

    def in_order(self, checks: Iterable[Check], results: Iterable[CheckResult]) -> list[CheckResult]:
        """All results in the order of the checks."""
        found = {result.check: result for result in [*self.settled, *results]}
        return [found[check.name] for check in checks if check.name in found]


def examine(table: Table, files: Files, references: References, engine: str) -> Examination:
    """Settle the schema and what the files prove; put aside checks whose columns or references are absent."""
    with light_connection() as con:
        try:
            found = [columns_of(con, path) for path in file_list(files)]
            rows = row_count(con, files)
        except duckdb.Error:
            note = "the file cannot be read as Parquet with one schema"
            checks = [check for check in checks_for(table) if _applies(check, references)]
            return Examination(0, [not_evaluated(check.name, 0, engine, note) for check in checks], [])
    present = set.intersection(*(set(columns) for columns in found))
    settled, left = [], []
    for check in checks_for(table):
        missing = [name for name in check.columns if name not in present]
        if check.kind == "schema":
            settled.append(_schema_result(check, found, engine))
        elif not _applies(check, references):
            continue
        elif missing:
            note = f"not in the file: {', '.join(missing)}"
            settled.append(not_evaluated(check.name, rows, engine, note))
        else:
            left.append(check)
    held = proven(left, files, references)
    settled += [CheckResult(c.name, True, rows, 0, c.severity, FROM_THE_FILE) for c in left if c.name in held]
    return Examination(rows, settled, [check for check in left if check.name not in held])


def _applies(check: Check, references: References) -> bool:
    return check.kind != "reference" or check.other_table in references


def _schema_result(check: Check, found: list[dict[str, str]], engine: str) -> CheckResult:
    """Names and types as a set; the note names contract columns only, for other names might be data."""
    faults: list[str] = []
    for columns in found:
        for name, expected in check.types:
            if name not in columns:
                faults.append(f"{name} is missing")
            elif columns[name] != expected:
                faults.append(f"{name} is {columns[name].split('(')[0]}, not {expected}")
        unknown = len(set(columns) - {name for name, _ in check.types})
        if unknown:
            faults.append(f"{unknown} columns are not in the contract")
    distinct = list(dict.fromkeys(faults))
    return CheckResult(
        check.name, not distinct, len(check.types), len(distinct), check.severity, engine, "; ".join(distinct)
    )
