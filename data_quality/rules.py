"""The checks of a table, derived from its contract and from nothing else.

A check is a predicate on rows (`predicate` must not be FALSE; NULL passes) or one of four questions about the
whole table: its schema, its number of rows, its key, its references.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from data_quality.parquet import identifier, literal
from data_quality.wording import ROW_RULE_FIX, WORDINGS, Wording, fault_and_fix, fill
from warehouse.contracts import Column, Rule, Table, Text, duckdb_type
from warehouse.contracts.model import Severity

Kind = Literal[
    "schema",
    "row_count",
    "key_unique",
    "key_not_null",
    "not_null",
    "in_set",
    "finite",
    "range",
    "reference",
    "row_rule",
]
Words = dict[str, str]


@dataclass(frozen=True)
class Check:
    """One thing that must hold. `name` is usable as a Dagster check name; `full_name` is for people."""

    table: str
    name: str
    full_name: str
    kind: Kind
    severity: Severity
    wording: Wording
    columns: tuple[str, ...] = ()
    predicate: str = ""
    values: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    other_table: str = ""
    other_column: str = ""
    min_rows: int = 0
    types: tuple[tuple[str, str], ...] = ()


def checks_for(table: Table) -> list[Check]:
    """Every check of a table, in the order in which they are best read. Names are stable and unique."""
    checks = [_schema(table), _row_count(table), _key_unique(table)]
    for column in table.columns:
        checks += _column_checks(table, column)
    checks += [_row_rule(table, rule) for rule in table.rules]
    names = [check.name for check in checks]
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise ValueError(f"{table.name}: two checks are called {', '.join(doubles)}; rename the rule")
    return checks


def _column_checks(table: Table, column: Column) -> list[Check]:
    checks = []
    if column.required:
        checks.append(_not_null(table, column))
    if column.values:
        checks.append(_in_set(table, column))
    if column.type == "double":
        checks.append(_finite(table, column))
    if column.minimum is not None or column.maximum is not None:
        checks.append(_range(table, column))
    if column.references is not None:
        checks.append(_reference(table, column))
    return checks


def _schema(table: Table) -> Check:
    types = tuple((column.name, duckdb_type(column.type)) for column in table.columns)
    return _check(table, "schema", "", "schema_as_declared", columns=tuple(table.column_names), types=types)


def _row_count(table: Table) -> Check:
    name = f"row_count_at_least_{table.min_rows}"
    return _check(table, "row_count", "", name, words={"rows": str(table.min_rows)}, min_rows=table.min_rows)


def _key_unique(table: Table) -> Check:
    return _check(
        table, "key_unique", "", "key_unique", words={"key": ", ".join(table.key)}, columns=table.key
    )


def _not_null(table: Table, column: Column) -> Check:
    return _check(
        table,
        "key_not_null" if column.name in table.key else "not_null",
        column.name,
        "not_null",
        predicate=f"{identifier(column.name)} IS NOT NULL",
    )


def _in_set(table: Table, column: Column) -> Check:
    words = ", ".join(literal(value) for value in column.values)
    return _check(
        table,
        "in_set",
        column.name,
        "in_vocabulary",
        words={"values": ", ".join(column.values)},
        predicate=f"{identifier(column.name)} IN ({words})",
        values=column.values,
    )


def _finite(table: Table, column: Column) -> Check:
    predicate = f"isfinite({identifier(column.name)})"
    return _check(table, "finite", column.name, "finite", predicate=predicate)


def _range(table: Table, column: Column) -> Check:
    low, high = column.minimum, column.maximum
    name = identifier(column.name)
    bounds = [f"{name} >= {_bound(column, low)}"] if low is not None else []
    bounds += [f"{name} <= {_bound(column, high)}"] if high is not None else []
    predicate = " AND ".join(bounds)
    if column.type == "double":  # NaN has no place in a range, and file statistics hide it from comparisons
        predicate = f"NOT isfinite({name}) OR ({predicate})"
    if low is not None and high is not None:
        suffix = f"between_{_in_name(low)}_and_{_in_name(high)}"
    else:
        suffix = f"at_least_{_in_name(low)}" if low is not None else f"at_most_{_in_name(high or '')}"
    return _check(
        table,
        "range",
        column.name,
        suffix,
        words={"bounds": " & ".join(f"{sign} {end}" for sign, end in (("≥", low), ("≤", high)) if end)},
        predicate=predicate,
        minimum=low,
        maximum=high,
    )


def _reference(table: Table, column: Column) -> Check:
    other_table, _, other_column = (column.references or "").partition(".")
    return _check(
        table,
        "reference",
        column.name,
        f"found_in_{other_table}",
        words={"other": f"{other_table}.{other_column}"},
        other_table=other_table,
        other_column=other_column,
    )


def _row_rule(table: Table, rule: Rule) -> Check:
    return Check(
        table=table.name,
        name=rule.name,
        full_name=f"{table.name}.{rule.name}",
        kind="row_rule",
        severity=rule.severity,
        wording=_rule_wording(rule),
        columns=tuple(
            name for name in table.column_names if re.search(rf"\b{re.escape(name)}\b", rule.check)
        ),
        predicate=rule.check,
    )


def _rule_wording(rule: Rule) -> Wording:
    """A contract words a rule by its fault; what must hold is the rule itself."""
    holds = Text(f"In every row: {rule.check}", f"Pada setiap baris: {rule.check}")
    fault, fix = fault_and_fix(rule.description, ROW_RULE_FIX)
    return Wording(holds, _sentence(fault), _sentence(fix))


def _sentence(text: Text) -> Text:
    return Text(*(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in (text.en, text.id)))


def _check(
    table: Table, kind: Kind, column: str, suffix: str, words: Words | None = None, **parts: Any
) -> Check:
    """A derived check: always an error, worded by its kind, about `column` when one is named."""
    return Check(
        table=table.name,
        name=f"{column}_{suffix}" if column else suffix,
        full_name=".".join(part for part in (table.name, column, suffix) if part),
        kind=kind,
        severity="error",
        wording=fill(WORDINGS[kind], column=column, **(words or {})),
        **{"columns": (column,) if column else ()} | parts,
    )


def _bound(column: Column, bound: str) -> str:
    """A bound as a SQL literal: numbers as they stand, days and text quoted."""
    return (
        bound
        if re.fullmatch(r"-?\d+(\.\d+)?", bound)
        else f"CAST({literal(bound)} AS {duckdb_type(column.type)})"
    )


def _in_name(bound: str) -> str:
    """A bound as part of a name: `-0.5` is `minus_0_5`."""
    return re.sub(r"[^A-Za-z0-9]", "_", bound.replace("-", "minus_", 1) if bound.startswith("-") else bound)
