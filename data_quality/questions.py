"""The SQL of the checks on whole tables: rows that share a key, rows that point nowhere."""

from __future__ import annotations

from data_quality.parquet import References, identifier, read_parquet
from data_quality.rules import Check

ROW_KINDS = frozenset({"key_not_null", "not_null", "in_set", "finite", "range", "row_rule"})


def rows_sharing_a_key(check: Check, rows: str) -> str:
    """Number of rows whose key another row has too; an empty part of a key equals another empty one."""
    key = ", ".join(identifier(name) for name in check.columns)
    return (
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM "
        f"(SELECT COUNT(*) AS n FROM {rows} GROUP BY {key} HAVING COUNT(*) > 1) AS shared"
    )


def rows_pointing_nowhere(check: Check, rows: str, references: References) -> str:
    """Number of rows whose value the other table does not have; an empty value points nowhere on purpose.

    NOT IN over values without NULL is a third of the cost of NOT EXISTS here.
    """
    column, other = identifier(check.columns[0]), identifier(check.other_column)
    known = f"SELECT {other} FROM {read_parquet(references[check.other_table])} WHERE {other} IS NOT NULL"
    return f"SELECT COUNT(*) FROM {rows} WHERE {column} IS NOT NULL AND {column} NOT IN ({known})"


def table_question(check: Check, rows: str, references: References) -> str:
    """The counting query of a check that is not a predicate on single rows."""
    if check.kind == "key_unique":
        return rows_sharing_a_key(check, rows)
    return rows_pointing_nowhere(check, rows, references)
