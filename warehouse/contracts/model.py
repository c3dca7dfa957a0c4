"""The dataclasses of a contract, and the engine types derived from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from warehouse.contracts.survivorship import Survivorship

Severity = Literal["error", "warn"]
Zone = Literal["bi", "vault"]
Retention = Literal["as_of", "latest", "forever"]
History = Literal["none", "small", "month_ends"]

PRIVACY_CLASSES = ("public", "internal", "pseudonym", "quasi", "personal", "specific", "secret")
BI_PRIVACY = frozenset({"public", "internal", "pseudonym", "quasi"})
FAMILIES = ("biographic", "geographic", "demographic", "psychographic", "transactional", "technical")

_SIMPLE_TYPES: dict[str, tuple[str, pa.DataType]] = {
    "text": ("VARCHAR", pa.string()),
    "text[]": ("VARCHAR[]", pa.list_(pa.string())),
    "integer": ("INTEGER", pa.int32()),
    "bigint": ("BIGINT", pa.int64()),
    "double": ("DOUBLE", pa.float64()),
    "date": ("DATE", pa.date32()),
    "timestamp": ("TIMESTAMP", pa.timestamp("us")),
    "boolean": ("BOOLEAN", pa.bool_()),
}
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")


@dataclass(frozen=True)
class Text:
    """One meaning in the two languages every user of Satu can rely on."""

    en: str
    id: str


@dataclass(frozen=True)
class Rule:
    """A predicate that every row must satisfy (NULL counts as satisfied)."""

    name: str
    check: str
    severity: Severity
    description: Text


@dataclass(frozen=True)
class Column:
    """A column of a published or vault table."""

    name: str
    type: str
    description: Text
    privacy: str
    unit: str = ""
    family: str = "technical"
    required: bool = False
    values: tuple[str, ...] = ()
    minimum: str | None = None
    maximum: str | None = None
    references: str | None = None


@dataclass(frozen=True)
class Table:
    """A table Satu makes. `zone` decides where its files lie: lake (BI) or vault (personal data).

    A list (`is_list`) names customers for somebody to turn to; it goes by `contactability`. A table that
    `evaluates` says of people what nobody stated: a score, a class, a forecast, who they are.
    """

    name: str
    zone: Zone
    group: str
    description: Text
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    retention: Retention = "as_of"
    history: History = "none"
    min_rows: int = 0
    published: bool = True
    is_list: bool = False
    evaluates: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True)
class Field:
    """A field a channel can map. `normalise` is a SQL expression over the parsed value, named `value`."""

    name: str
    type: str
    description: Text
    privacy: str
    family: str
    purpose: str
    normalise: str | None = None
    required: bool = False
    values: tuple[str, ...] = ()
    on_invalid: Literal["quarantine", "blank"] = "blank"
    survivorship: Survivorship | None = None
    added: bool = False


@dataclass(frozen=True)
class InputContract:
    """What channels may deliver: `contacts`, `order_lines`, ... Every field but the key is optional.

    A row for which `counts_when` is FALSE has nothing to say to this contract; it counts as filtered.
    """

    name: str
    description: Text
    grain: str
    key: tuple[str, ...]
    event_field: str | None
    fields: tuple[Field, ...]
    derived: tuple[tuple[str, str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    counts_when: str | None = None

    def field_named(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def field_names(self) -> list[str]:
        return [f.name for f in self.fields]

    @property
    def is_about_people(self) -> bool:
        """Whether its rows say something of somebody, so that they make or name a record."""
        return self.field_named("source_id") is not None


@dataclass(frozen=True)
class RegisteredField:
    """A field a company or a sector pack adds to an input contract (`fields/*.yaml`)."""

    contract: str
    field: Field
    source: str = ""
    rules: tuple[Rule, ...] = ()


def duckdb_type(type_name: str) -> str:
    """The DuckDB (and, for these types, Spark-castable) name of a contract type."""
    if type_name in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[type_name][0]
    precision, scale = _decimal_parts(type_name)
    return f"DECIMAL({precision},{scale})"


def arrow_type(type_name: str) -> pa.DataType:
    """The Arrow type of a contract type."""
    if type_name in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[type_name][1]
    precision, scale = _decimal_parts(type_name)
    return pa.decimal128(precision, scale)


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table, columns in declared order."""
    return pa.schema([pa.field(c.name, arrow_type(c.type)) for c in table.columns])


def _decimal_parts(type_name: str) -> tuple[int, int]:
    match = _DECIMAL.fullmatch(type_name)
    if match is None:
        raise ValueError(f"unknown contract type {type_name!r}")
    return int(match.group(1)), int(match.group(2))
