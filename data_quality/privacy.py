"""The gate between personal data and analysis: by declared class, and by what the text really holds.

Pseudonymised tables are personal data still (UU 27/2022), so what BI opens carries no direct identifier at
all: no column of class personal, specific or secret, and no text that looks like one. Findings are counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from data_quality.leaks import Leak, scan_for_values
from data_quality.parquet import (
    Files,
    connect,
    connection_for,
    identifier,
    light_connection,
    literal,
    read_parquet,
)
from data_quality.personal_patterns import KINDS, NUMBER_KINDS, Kind, looks_like, text_of, worth_a_look
from data_quality.proofs import words_of
from data_quality.results import CheckResult
from data_quality.wording import NO_PERSONAL_COLUMNS, NO_PERSONAL_TEXT, PRIVACY_CHECKS
from warehouse.contracts import BI_PRIVACY, Table
from warehouse.errors import GateFailed

__all__ = [
    "ALLOWANCES",
    "Allowance",
    "Finding",
    "Leak",
    "assert_bi_contract",
    "content_result",
    "contract_result",
    "scan_duckdb",
    "scan_for_values",
    "scan_parquet",
]

ENGINE = "privacy_scan"
_WORDS = pa.schema({"of": pa.string(), "word": pa.string()})
NO_TEXT = ("BOOLEAN", "DATE", "TIME", "INTERVAL", "UUID", "DECIMAL", "DOUBLE", "FLOAT")
INTEGERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)


@dataclass(frozen=True)
class Finding:
    """So many rows of a column hold something that looks like personal data."""

    table: str
    column: str
    kind: Kind
    count: int


@dataclass(frozen=True)
class Allowance:
    """A column of codes that may look like these kinds, and why that is fine. `*` means every table."""

    table: str
    column: str
    kinds: frozenset[Kind]
    reason: str

    def covers(self, table: str, column: str) -> bool:
        return self.column == column and self.table in ("*", table)


ALLOWANCES = (
    Allowance(
        "*", "product_id", NUMBER_KINDS, "article numbers (EAN, GTIN) are as long as phone or card numbers"
    ),
)


def assert_bi_contract(table: Table) -> None:
    """Raise GateFailed when a table for analysis declares a column that analysis must not see."""
    result = contract_result(table)
    if not result.passed:
        raise GateFailed(
            f"{table.name} is a table for analysis but declares personal columns: {result.note}",
            fix=PRIVACY_CHECKS[NO_PERSONAL_COLUMNS].fix.en,
        )


def contract_result(table: Table) -> CheckResult:
    """Whether every column of a table for analysis has a class that analysis may see; vault tables pass."""
    names = [c.name for c in table.columns if table.zone == "bi" and c.privacy not in BI_PRIVACY]
    return CheckResult(
        NO_PERSONAL_COLUMNS, not names, len(table.columns), len(names), "error", ENGINE, ", ".join(names)
    )


def content_result(table: Table, findings: Sequence[Finding], rows: int) -> CheckResult:
    """The scan of a table as one check, failed when anything was found."""
    note = "; ".join(f"{f.kind} in {f.column}: {f.count} rows" for f in findings)
    failed = sum(finding.count for finding in findings)
    return CheckResult(NO_PERSONAL_TEXT, not findings, rows, failed, "error", ENGINE, note)


def scan_parquet(
    table: Table | str,
    files: Files,
    allowances: Sequence[Allowance] = ALLOWANCES,
    without: Collection[str] = (),
) -> list[Finding]:
    """What in the text columns of these Parquet files (`without` some) looks like personal data; names and
    counts only.
    """
    name = table if isinstance(table, str) else table.name
    source = read_parquet(files)
    with light_connection() as con:
        columns = [column for column in _text_columns(con, source) if column not in without]
        innocent = _innocent(con, files, columns)
    columns = [column for column in columns if column not in innocent]
    if not columns:
        return []
    with connection_for(files) as con:
        return list(_scan(con, name, source, allowances, columns))


def scan_duckdb(path: Path, allowances: Sequence[Allowance] = ALLOWANCES) -> list[Finding]:
    """The same for every table of a DuckDB file, such as a release."""
    with connect(path) as con:
        con.execute(f"ATTACH {literal(str(path))} AS scanned (READ_ONLY)")
        tables = con.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'scanned' ORDER BY ALL"
        ).fetchall()
        findings: list[Finding] = []
        for schema, name in tables:
            source = f"scanned.{identifier(schema)}.{identifier(name)}"
            findings += _scan(con, name, source, allowances, _text_columns(con, source))
        return findings


def _scan(
    con: duckdb.DuckDBPyConnection,
    table: str,
    source: str,
    allowances: Sequence[Allowance],
    columns: Iterable[str],
) -> Iterator[Finding]:
    for column in columns:
        allowed = {k for a in allowances if a.covers(table, column) for k in a.kinds}
        kinds = [kind for kind in KINDS if kind not in allowed]
        if kinds:
            counts = con.execute(_scan_sql(source, column, kinds)).fetchone() or ()
            for kind, count in zip(kinds, counts, strict=True):
                if count:
                    yield Finding(table, column, kind, int(count))


def _text_columns(con: duckdb.DuckDBPyConnection, source: str) -> list[str]:
    described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    return [name for name, type_name, *_ in described if _holds_text(type_name)]


def _innocent(con: duckdb.DuckDBPyConnection, files: Files, columns: Collection[str]) -> set[str]:
    """The columns none of whose few words is worth a look: nothing can be in their rows."""
    words = words_of(files, columns)
    pairs = [(column, word) for column, found in words.items() for word in found if word is not None]
    con.register(
        "words", pa.table({"of": [of for of, _ in pairs], "word": [word for _, word in pairs]}, _WORDS)
    )
    texts = f"SELECT of, {text_of('word')} AS v FROM words"
    suspected = con.execute(
        f"SELECT DISTINCT of FROM ({texts}) AS texts WHERE {worth_a_look('v')}"
    ).fetchall()
    return set(words) - {of for (of,) in suspected}


def _holds_text(type_name: str) -> bool:
    """Whether a column may hold text: everything but plain numbers, days, times and truth values."""
    if type_name.endswith("]") or type_name.startswith(("STRUCT", "MAP", "UNION")):
        return True
    return not type_name.startswith((*NO_TEXT, *INTEGERS))


def _scan_sql(source: str, column: str, kinds: Sequence[Kind]) -> str:
    """Rows per kind, looking at each distinct value once: the cheap test first, then the exact ones."""
    counts = ", ".join(
        f"CAST(COALESCE(SUM(n) FILTER (WHERE {looks_like(kind, 'v')}), 0) AS BIGINT)" for kind in kinds
    )
    name = identifier(column)
    values = f"SELECT {name} AS value, COUNT(*) AS n FROM {source} GROUP BY {name}"
    texts = f"SELECT {text_of('value')} AS v, n FROM ({values}) AS distinct_values"
    return f"SELECT {counts} FROM ({texts}) AS texts WHERE {worth_a_look('v')}"
