"""Segments as SQL: what a condition may speak of, and who fulfils it.

A condition is one scalar expression over facts, columns of the published tables with one row per customer.
It is parsed by the same allow-list as the mappings of channels; nothing that is not on it reaches the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transforms.expression_nodes import Kind
from transforms.expressions import Compiled, compile_condition
from warehouse.contracts import Table
from warehouse.contracts.model import duckdb_type

# Names that would be unclear beside those of other tables.
_RENAMED = {
    ("rfm", "segment"): "rfm_segment",
    ("rfm", "previous_segment"): "previous_rfm_segment",
    ("pareto", "rank"): "pareto_rank",
    ("pareto", "cumulative_share"): "pareto_cumulative_share",
    ("pareto", "class"): "pareto_class",
    ("pareto", "previous_class"): "previous_pareto_class",
    ("churn", "state"): "churn_state",
}
# Of tables with one row per customer and horizon: these differ by horizon; those below are alike in all.
_BY_HORIZON = {
    "clv": ("clv", "clv_low", "clv_high", "expected_purchases"),
    "churn": ("churn_probability",),
}
_ALIKE = {"churn": ("p_alive", "expected_next_purchase", "state")}
FACT_TABLES = ("customers", "rfm", "pareto", "clv", "churn")
_KINDS: dict[str, Kind] = {"VARCHAR": "text", "DATE": "date", "BOOLEAN": "boolean"}


@dataclass(frozen=True)
class Fact:
    """A column that conditions may name, and where it comes from."""

    name: str
    table: str
    column: str
    type: str
    horizon: int | None = None

    @property
    def kind(self) -> Kind:
        return _KINDS.get(self.type, "number")


def facts_of(tables: Mapping[str, Table], horizons: Mapping[str, tuple[int, ...]]) -> dict[str, Fact]:
    """Every fact by name; `clv_365` and `churn_probability_90` name their horizon."""
    found = []
    for table in FACT_TABLES:
        for column in tables[table].columns:
            if column.name in ("as_of", "customer_id", "horizon_days"):
                continue
            name, kind = _RENAMED.get((table, column.name), column.name), duckdb_type(column.type)
            if table not in horizons:
                found.append(Fact(name, table, column.name, kind))
            elif column.name in _BY_HORIZON[table]:
                found += [Fact(f"{name}_{days}", table, column.name, kind, days) for days in horizons[table]]
            elif column.name in _ALIKE.get(table, ()):
                found.append(Fact(name, table, column.name, kind, horizons[table][0]))
    return {fact.name: fact for fact in found}


def compile_segment(where: str, facts: Mapping[str, Fact], timezone: str) -> Compiled:
    """A condition as SQL over facts; TRUE for members only. ConfigError says what it may not hold."""
    return compile_condition(where, {fact.name: fact.kind for fact in facts.values()}, timezone)


def members_sql(conditions: Mapping[str, Compiled], facts: Mapping[str, Fact]) -> str:
    """A SELECT of (segment, customer_id): who fulfils a condition. It reads only the tables named."""
    used = [facts[name] for name in sorted({n for c in conditions.values() for n in c.columns_used})]
    sources = sorted({(f.table, f.horizon) for f in used if f.table != "customers"}, key=str)
    alias = {("customers", None): "c"} | {source: f"t{number}" for number, source in enumerate(sources)}
    columns = "".join(f', {alias[f.table, f.horizon]}."{f.column}" AS "{f.name}"' for f in used)
    joins = "".join(
        f" LEFT JOIN {table} AS {alias[table, days]} ON c.customer_id = {alias[table, days]}.customer_id"
        + ("" if days is None else f" AND {alias[table, days]}.horizon_days = {days}")
        for table, days in sources
    )
    members = " UNION ALL ".join(
        f"SELECT '{name}' AS segment, customer_id FROM facts WHERE {condition.sql}"
        for name, condition in sorted(conditions.items())
    )
    return f"WITH facts AS (SELECT c.customer_id{columns} FROM customers AS c{joins}) {members}"


def tables_used(conditions: Mapping[str, Compiled], facts: Mapping[str, Fact]) -> list[str]:
    """The tables the members are read from, in build order."""
    named = {"customers"} | {facts[n].table for c in conditions.values() for n in c.columns_used}
    return [table for table in FACT_TABLES if table in named]
