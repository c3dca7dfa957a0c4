"""What the rows of a file were like, counted once while they are read: per file and day of arrival.

Completeness, validity and drift are sums of these counts, so no record is read a second time for them. Pure:
it reads the relation `tagged` of `build.tagged_rows_sql` and gives names of counts and their SQL.
Logarithms are counted in millionths, because only whole numbers add up alike in any order.
"""

from __future__ import annotations

from collections.abc import Iterable

from transforms.records.build import ACCEPTED, DUPLICATE, QUARANTINED, RecordUnit
from warehouse.contracts import Field

NEW, READ, KEPT = "new", "read", "kept"
FILLED, INVALID, NUMBERS, LOGARITHMS, WORDS = "filled", "invalid", "numbers", "logarithms", "words"
WARNED, FAULT = "warned", "fault"
WORD_SEPARATOR = "="
ABOUT_NOBODY = ("public", "internal")
_NUMERIC = ("decimal", "double", "integer", "bigint")
_KEPT = f"verdict = '{ACCEPTED}'"
_READ = f"verdict IN ('{ACCEPTED}', '{QUARANTINED}')"


def counts_of(unit: RecordUnit) -> dict[tuple[str, str], str]:
    """(measure, item) → the aggregate over `tagged` that counts it; duplicates count as `new` only once."""
    counts = {
        (NEW, ""): f"COUNT(*) FILTER (verdict <> '{DUPLICATE}')",
        (READ, ""): f"COUNT(*) FILTER ({_READ})",
        (KEPT, ""): f"COUNT(*) FILTER ({_KEPT})",
    }
    for rule, _ in unit.warnings:
        counts[WARNED, rule] = f"COUNT(*) FILTER ({_KEPT} AND warned_{rule})"
    for field in unit.contract.fields:
        if field.name not in unit.fields:
            continue
        name = f'"{field.name}"'
        counts[FILLED, field.name] = f"COUNT({name}) FILTER ({_KEPT})"
        counts[INVALID, field.name] = f"COUNT(*) FILTER ({_READ} AND unusable_{field.name})"
        if field.type.startswith(_NUMERIC):
            counts[NUMBERS, field.name] = f"COUNT(*) FILTER ({_KEPT} AND {name} <> 0)"
            size = f"ABS(CAST(NULLIF({name}, 0) AS DOUBLE))"
            logarithms = f"SUM(CAST(ROUND(LN({size}) * 1000000) AS BIGINT)) FILTER ({_KEPT})"
            counts[LOGARITHMS, field.name] = f"CAST({logarithms} AS BIGINT)"
        for word in _words(field):
            counts[WORDS, f"{field.name}{WORD_SEPARATOR}{word}"] = (
                f"COUNT(*) FILTER ({_KEPT} AND CAST({name} AS VARCHAR) = {_text(word)})"
            )
    return counts


def _words(field: Field) -> tuple[str, ...]:
    """The words whose share is watched: what a field says of a person is nobody's trend."""
    if field.privacy not in ABOUT_NOBODY:
        return ()
    return ("true", "false") if field.type == "boolean" else field.values


def counts_sql(aggregates: Iterable[str]) -> str:
    """One row per file and day of arrival: the aggregates as c0, c1, ..."""
    columns = ", ".join(f"{sql} AS c{number}" for number, sql in enumerate(aggregates))
    return f"SELECT file_seq, arrived, {columns} FROM tagged GROUP BY file_seq, arrived ORDER BY ALL"


def faults_sql() -> str:
    """One row per file, day of arrival and fault, with its rows."""
    return (
        f"SELECT file_seq, arrived, fault, COUNT(*) AS n FROM tagged WHERE verdict = '{QUARANTINED}'"
        " GROUP BY file_seq, arrived, fault ORDER BY ALL"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
