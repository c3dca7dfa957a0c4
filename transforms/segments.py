"""Segments as SQL: what a condition may speak of, and who fulfils it.

A condition is one scalar expression over facts, columns of the published tables with one row per customer.
It is parsed by the same allow-list as the mappings of channels; nothing that is not on it reaches the engine.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlglot
from sqlglot import exp

from transforms.expression_nodes import Kind
from transforms.expressions import Compiled, compile_condition
from warehouse.contracts import Table
from warehouse.contracts.model import duckdb_type
from warehouse.errors import ConfigError

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
    values: tuple[str, ...] = ()

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
                found.append(Fact(name, table, column.name, kind, values=column.values))
            elif column.name in _BY_HORIZON[table]:
                found += [Fact(f"{name}_{days}", table, column.name, kind, days) for days in horizons[table]]
            elif column.name in _ALIKE.get(table, ()):
                days = horizons[table][0]
                found.append(Fact(name, table, column.name, kind, days, column.values))
    return {fact.name: fact for fact in found}


def compile_segment(where: str, facts: Mapping[str, Fact], timezone: str) -> Compiled:
    """A condition as SQL over facts; TRUE for members only. ConfigError says what it may not hold."""
    compiled = compile_condition(where, {fact.name: fact.kind for fact in facts.values()}, timezone)
    for node in sqlglot.parse_one(where, read="duckdb").walk():
        for fact, text in _compared(node, facts):
            _check_text(fact, text, has_order=not isinstance(node, exp.EQ | exp.NEQ | exp.In))
    return compiled


def _compared(node: exp.Expr, facts: Mapping[str, Fact]) -> Iterator[tuple[Fact, str]]:
    """The facts that a comparison holds against texts, each with the text."""
    sides = []
    if isinstance(node, exp.In):
        sides = [(node.this, text) for text in node.expressions]
    elif isinstance(node, exp.Between):
        sides = [(node.this, node.args["low"]), (node.this, node.args["high"])]
    elif isinstance(node, exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE):
        sides = [(node.left, node.right), (node.right, node.left)]
    for column, text in sides:
        if isinstance(column, exp.Column) and isinstance(text, exp.Literal) and text.is_string:
            fact = facts.get(column.name)
            if fact is not None:
                yield fact, text.this


def _check_text(fact: Fact, text: str, *, has_order: bool) -> None:
    """ConfigError for a comparison that no customer could ever fulfil."""
    if fact.kind == "text" and fact.values and not has_order and text not in fact.values:
        near = difflib.get_close_matches(text, fact.values, 1)
        hint = f"did you mean '{near[0]}'? It" if near else f"`{fact.name}`"
        raise ConfigError(
            f"`{fact.name}` is never '{text}'", fix=f"{hint} is one of {', '.join(fact.values)}"
        )
    if fact.kind == "date" and not _reads(date.fromisoformat, text):
        raise ConfigError(f"`{fact.name}` is a date, '{text}' is none", fix="write it as '2026-01-31'")
    if fact.kind == "number" and not _reads(float, text):
        raise ConfigError(f"`{fact.name}` is a number, '{text}' is none", fix="write the number bare")


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


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
