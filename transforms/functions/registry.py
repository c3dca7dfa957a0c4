"""What a named function is, how DuckDB gets it and how it is written out for another engine.

Belongs here: the `Function` record, the macro text, the expansion in a syntax tree.
Does not belong here: any rule about names, phones or numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

_GROUP = re.compile(r"\\([0-9])")


@dataclass(frozen=True)
class Function:
    """A scalar function: one SQL expression over its arguments, and a second one only where Spark differs.

    `keyed` functions read the workspace's secret, bound by `set_secret`.
    """

    name: str
    args: tuple[str, ...]
    body: str
    returns: str
    doc: str
    spark: str | None = None
    keyed: bool = False

    @property
    def signature(self) -> str:
        """The function as a person writes it: `norm_phone(x, country) -> VARCHAR`."""
        return f"{self.name}({', '.join(self.args)}) -> {self.returns}"

    @property
    def macro(self) -> str:
        """The statement that creates the function in DuckDB."""
        return f"CREATE OR REPLACE MACRO {self.name}({', '.join(self.args)}) AS ({self.body})"


def let(name: str, value: str, body: str) -> str:
    """SQL for "let name be value in body": the value is computed once however often body names it.

    Names must be unique across the registry, because functions are expanded into one another.
    """
    return f"list_transform([{value}], lambda {name}: {body})[1]"


def null_if_empty(name: str, value: str) -> str:
    """SQL for "value, or NULL when it is the empty text".

    A bare `nullif` over a long expression computes it twice in DuckDB, because it becomes a CASE.
    """
    return let(name, value, f"nullif({name}, '')")


def expand(tree: exp.Expr, functions: Mapping[str, Function], dialect: str) -> exp.Expr:
    """Replace every call of a registered function by its body for `dialect`, innermost bodies included."""

    def replace(node: exp.Expr) -> exp.Expr:
        if dialect == "spark" and isinstance(node, exp.RegexpReplace):
            return _with_dollar_groups(node)
        if not isinstance(node, exp.Anonymous) or node.name.lower() not in functions:
            return node
        function = functions[node.name.lower()]
        if len(node.expressions) != len(function.args):
            raise ValueError(f"{function.signature} is called with {len(node.expressions)} arguments")
        arguments = dict(zip(function.args, node.expressions, strict=True))
        return exp.Paren(this=expand(_bind(function, arguments, dialect), functions, dialect))

    return tree.copy().transform(replace)


def _with_dollar_groups(node: exp.RegexpReplace) -> exp.Expr:
    """What was captured is written $1 by Spark, \\1 by DuckDB."""
    replacement = node.args["replacement"]
    if isinstance(replacement, exp.Literal) and "\\" in replacement.name:
        node.set("replacement", exp.Literal.string(_GROUP.sub(r"$\1", replacement.name)))
    return node


def _bind(function: Function, arguments: Mapping[str, exp.Expr], dialect: str) -> exp.Expr:
    """The body of a function for `dialect` with the arguments in place of their names."""
    if dialect == "spark" and function.spark is not None:
        body = sqlglot.parse_one(function.spark, read="spark")
    else:
        body = sqlglot.parse_one(function.body, read="duckdb")

    def replace(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.table and node.name in arguments:
            return exp.Paren(this=arguments[node.name].copy())
        return node

    return body.transform(replace)
