"""Mapping expressions of channel contracts: a header, or one scalar SQL expression over the file's columns.

The expression is parsed, held against an allow-list and typed. A raw column is text; where a number, a date
or an answer is needed it is parsed by the channel's locale. A row that cannot be computed gives NULL and
never an error, and a second predicate says that this happened, so that the row can be quarantined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from transforms.expression_compiler import Compiler, ExpressionOptions, TypedCompiler, base_type
from transforms.expression_nodes import Kind, header_key, parse_allowed
from warehouse.errors import ConfigError

__all__ = [
    "Compiled",
    "ExpressionOptions",
    "columns_meant",
    "compile_condition",
    "compile_filter",
    "compile_mapping",
    "header_key",
]


@dataclass(frozen=True)
class Compiled:
    """SQL over the raw columns; `failed` is TRUE for a row that could not be read, None if that cannot be."""

    sql: str
    columns_used: tuple[str, ...]
    uses: tuple[str, ...]
    failed: str | None = None


def compile_mapping(
    value: str, columns: Sequence[str], options: ExpressionOptions, types: dict[str, str], target_type: str
) -> Compiled:
    """The SQL of a mapping's value, converted to a contract field's type.

    `target_type` is text, integer, bigint, decimal, decimal(p,s), date, timestamp or boolean.
    """
    compiler = Compiler(columns, options, types)
    column = compiler.column_named(value)
    if column is not None:
        sql, kind, tree = *compiler.read_column(column, base_type(target_type)), None
    else:
        tree = parse_allowed(value, columns)
        sql, kind = compiler.compile(tree.copy())
        if not isinstance(tree, exp.Literal | exp.Null | exp.Boolean):
            sql = f"TRY({sql})"
    result = compiler.convert(sql, kind, target_type)
    return Compiled(result, tuple(compiler.used), _uses(tree), compiler.failed(result, tree))


def compile_filter(
    where: str, columns: Sequence[str], options: ExpressionOptions, types: dict[str, str]
) -> Compiled:
    """The predicate that keeps a row: a row is dropped only when `where` is FALSE, not when it is NULL."""
    compiler = Compiler(columns, options, types)
    column = compiler.column_named(where)
    if column is not None:
        sql, kind, tree = *compiler.read_column(column, "boolean"), None
    else:
        tree = parse_allowed(where, columns)
        sql, kind = compiler.compile(tree.copy())
    if kind not in ("boolean", "any", "text"):
        raise ConfigError(
            f"`{where}` is a {kind}, not a condition", fix="compare it with something, as in `a <> 'b'`"
        )
    condition = compiler.coerce(sql, kind, "boolean")
    return Compiled(f"coalesce(TRY({condition}), TRUE)", tuple(compiler.used), _uses(tree))


def columns_meant(text: str) -> set[str]:
    """What an expression may read, as `header_key` writes columns: the whole of it, and each name within."""
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError):
        return {header_key(text)}
    return {header_key(text), *(header_key(column.name) for column in tree.find_all(exp.Column))}


def compile_condition(where: str, kinds: Mapping[str, Kind], timezone: str) -> Compiled:
    """The predicate over typed columns that is TRUE for rows that fulfil `where`, never NULL or an error."""
    compiler = TypedCompiler(list(kinds), ExpressionOptions(".", "ymd", timezone), {}, kinds=kinds)
    tree = parse_allowed(where, list(kinds))
    sql, kind = compiler.compile(tree.transform(_nothing_for_zero))
    if kind not in ("boolean", "any"):
        raise ConfigError(
            f"`{where}` is a {kind}, not a condition", fix="compare it with something, as in `a <> 'b'`"
        )
    return Compiled(f"coalesce(TRY({sql}), FALSE)", tuple(compiler.used), _uses(tree))


def _nothing_for_zero(node: exp.Expr) -> exp.Expr:
    """A division by nothing gives nothing: DuckDB's infinity would be larger than any number."""
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod):
        divisor = exp.Nullif(this=node.expression.copy(), expression=exp.Literal.number(0))
        node.set("expression", divisor)
    return node


def _uses(tree: exp.Expr | None) -> tuple[str, ...]:
    """The kinds of nodes in an expression, for the reader of a contract."""
    if tree is None:
        return ()
    return tuple(sorted({node.key for node in tree.walk() if isinstance(node, exp.Func | exp.Binary)}))
