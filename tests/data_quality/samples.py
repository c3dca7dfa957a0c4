"""Small tables for the tests: rows in, Parquet out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.contracts import Column, Rule, Table, Text, arrow_schema

RFM_ROW: dict[str, Any] = {
    "as_of": date(2024, 5, 1),
    "customer_id": 1,
    "recency_days": 3,
    "frequency": 2,
    "monetary": Decimal("150000.00"),
    "r_score": 5,
    "f_score": 2,
    "m_score": 3,
    "segment": "loyal",
    "previous_segment": None,
}


def write(path: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> Path:
    """The rows as a Parquet file with the table's declared types."""
    pq.write_table(pa.Table.from_pylist(list(rows), schema=arrow_schema(table)), path)
    return path


def rfm_rows(*changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Three good rows of `rfm`, then one row per change to a good row."""
    good = [RFM_ROW | {"customer_id": number} for number in (1, 2, 3)]
    return good + [RFM_ROW | {"customer_id": 9 + i} | dict(change) for i, change in enumerate(changes)]


def column(name: str, type_name: str, **parts: Any) -> Column:
    """A column whose meaning does not matter."""
    parts.setdefault("privacy", "internal")
    return Column(name, type_name, Text(name, name), **parts)


def table(name: str, columns: Iterable[Column], key: Iterable[str], **parts: Any) -> Table:
    """A table whose meaning does not matter."""
    parts.setdefault("zone", "bi")
    return Table(
        name,
        group="marts",
        description=Text("", ""),
        grain="",
        key=tuple(key),
        columns=tuple(columns),
        **parts,
    )


def rule(name: str, check: str, severity: Any = "error") -> Rule:
    """A rule whose words do not matter."""
    return Rule(name, check, severity, Text(f"{name} is broken.", f"{name} dilanggar."))
