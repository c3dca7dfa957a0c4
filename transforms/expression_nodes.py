"""What a mapping expression may consist of: the allow-list, and the parser that applies it.

Everything that is not listed here is refused. All of it is scalar, pure and bounded in what it can produce.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Literal

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from warehouse.errors import ConfigError

# What an expression gives. A `timestamp` inside an expression is local time of the channel's zone.
Kind = Literal["text", "number", "date", "timestamp", "boolean", "any"]
# How a function takes its arguments: `same` brings them to one kind, `number!` needs a whole number.
Want = Literal["text", "number", "number!", "date", "timestamp", "boolean", "same", "any"]

_DATA = re.compile(r"@|[0-9]{5}|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}")
MAX_PAD = 200
MAX_LENGTH = 4_000

# node → (how it takes its arguments, exceptions by argument name, what it gives; None: what the arguments
# are)
FUNCTIONS: dict[type[exp.Expr], tuple[Want, dict[str, Want], Kind | None]] = {
    exp.Concat: ("text", {}, "text"),
    exp.ConcatWs: ("text", {}, "text"),
    exp.DPipe: ("text", {}, "text"),
    exp.Lower: ("text", {}, "text"),
    exp.Upper: ("text", {}, "text"),
    exp.Trim: ("text", {}, "text"),
    exp.Replace: ("text", {}, "text"),
    exp.Translate: ("text", {}, "text"),
    exp.Reverse: ("text", {}, "text"),
    exp.Substring: ("text", {"start": "number!", "length": "number!"}, "text"),
    exp.Left: ("text", {"expression": "number!"}, "text"),
    exp.Right: ("text", {"expression": "number!"}, "text"),
    exp.SplitPart: ("text", {"part_index": "number!"}, "text"),
    exp.Pad: ("text", {"expression": "number!"}, "text"),
    exp.RegexpReplace: ("text", {"position": "number!", "occurrence": "number!"}, "text"),
    exp.RegexpExtract: ("text", {"position": "number!", "group": "number!"}, "text"),
    exp.RegexpLike: ("text", {}, "boolean"),
    exp.StartsWith: ("text", {}, "boolean"),
    exp.EndsWith: ("text", {}, "boolean"),
    exp.Contains: ("text", {}, "boolean"),
    exp.Like: ("text", {}, "boolean"),
    exp.ILike: ("text", {}, "boolean"),
    exp.Length: ("text", {}, "number"),
    exp.StrPosition: ("text", {}, "number"),
    exp.Abs: ("number", {}, "number"),
    exp.Sign: ("number", {}, "number"),
    exp.Round: ("number", {"decimals": "number!"}, "number"),
    exp.Floor: ("number", {"decimals": "number!"}, "number"),
    exp.Ceil: ("number", {"decimals": "number!"}, "number"),
    exp.Trunc: ("number", {"decimals": "number!"}, "number"),
    exp.Neg: ("number", {}, "number"),
    exp.Add: ("number", {}, "number"),
    exp.Sub: ("number", {}, "number"),
    exp.Mul: ("number", {}, "number"),
    exp.Div: ("number", {}, "number"),
    exp.IntDiv: ("number", {}, "number"),
    exp.Mod: ("number", {}, "number"),
    exp.Year: ("timestamp", {}, "number"),
    exp.Month: ("timestamp", {}, "number"),
    exp.Day: ("timestamp", {}, "number"),
    exp.Hour: ("timestamp", {}, "number"),
    exp.DateFromParts: ("number!", {}, "date"),
    exp.StrToTime: ("text", {}, "timestamp"),
    exp.Coalesce: ("same", {}, None),
    exp.Nullif: ("same", {}, None),
    exp.Greatest: ("same", {}, None),
    exp.Least: ("same", {}, None),
    exp.EQ: ("same", {}, "boolean"),
    exp.NEQ: ("same", {}, "boolean"),
    exp.LT: ("same", {}, "boolean"),
    exp.LTE: ("same", {}, "boolean"),
    exp.GT: ("same", {}, "boolean"),
    exp.GTE: ("same", {}, "boolean"),
    exp.NullSafeEQ: ("same", {}, "boolean"),
    exp.NullSafeNEQ: ("same", {}, "boolean"),
    exp.Between: ("same", {}, "boolean"),
    exp.In: ("same", {}, "boolean"),
    exp.And: ("boolean", {}, "boolean"),
    exp.Or: ("boolean", {}, "boolean"),
    exp.Not: ("boolean", {}, "boolean"),
    exp.Is: ("any", {}, "boolean"),
    exp.Paren: ("any", {}, None),
}
# Handled one by one: their arguments are of different sorts.
SPECIAL: tuple[type[exp.Expr], ...] = (
    exp.Column,
    exp.Literal,
    exp.Null,
    exp.Boolean,
    exp.Case,
    exp.If,
    exp.Cast,
    exp.TryCast,
)
# Parts of the nodes above that carry no value of their own.
PARTS: tuple[type[exp.Expr], ...] = (exp.Identifier, exp.DataType, exp.DataTypeParam, exp.Var)

CASTS: dict[str, Kind] = {
    "TEXT": "text",
    "VARCHAR": "text",
    "CHAR": "text",
    "TINYINT": "number",
    "SMALLINT": "number",
    "INT": "number",
    "BIGINT": "number",
    "DECIMAL": "number",
    "FLOAT": "number",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMPNTZ": "timestamp",
    "BOOLEAN": "boolean",
}

ALLOWED_NAMES = (
    "arithmetic, comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL, CASE, CAST, ||, abs, ceil, "
    "coalesce, concat, "
    "concat_ws, contains, day, ends_with, floor, greatest, hour, if, least, left, length, lower, "
    "lpad, make_date, "
    "month, nullif, regexp_extract, regexp_matches, regexp_replace, replace, reverse, right, round, "
    "rpad, sign, "
    "split_part, starts_with, strpos, strptime, substr, translate, trim, trunc, upper, year"
)


def parse_allowed(text: str, columns: Sequence[str]) -> exp.Expr:
    """One allowed expression, or the reason why it is none."""
    if len(text) > MAX_LENGTH:
        raise ConfigError(
            f"an expression of {len(text)} characters is too long", fix=f"keep it under {MAX_LENGTH}"
        )
    try:
        tokens = sqlglot.tokenize(text, read="duckdb")
        if any(token.token_type == TokenType.SEMICOLON or token.comments for token in tokens):
            raise ConfigError(f"`{text}` is more than one expression", fix="remove semicolons and comments")
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError):
        raise ConfigError(
            f"`{text}` is neither a column nor an expression", fix=suggest(text, columns)
        ) from None
    if isinstance(tree, exp.Alias):
        raise ConfigError(f"`{text}` is neither a column nor an expression", fix=suggest(text, columns))
    _check_allowed(tree)
    return tree


def _check_allowed(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Case | exp.If) or type(node) in (*FUNCTIONS, *SPECIAL, *PARTS):
            if isinstance(node, exp.Pad) and not (
                node.expression.is_int and int(node.expression.name) <= MAX_PAD
            ):
                raise ConfigError("lpad and rpad need a fixed length", fix=f"write a number up to {MAX_PAD}")
            if isinstance(node, exp.In) and (
                node.args.get("query") or node.args.get("unnest") or node.args.get("field")
            ):
                raise ConfigError("IN over a query is not allowed in a mapping", fix="list the values")
            continue
        name = node.name if isinstance(node, exp.Anonymous) else getattr(node, "key", type(node).__name__)
        raise ConfigError(f"`{name.lower()}` is not allowed in a mapping", fix=f"allowed are {ALLOWED_NAMES}")


def header_key(name: str) -> str:
    return name.strip().casefold()


def suggest(name: str, columns: Sequence[str]) -> str:
    """What to do about an unknown name: the closest header, or all of them when there are few.

    The first line of a file that lacks its header is data, which no message may show.
    """
    if any(_DATA.search(column) for column in columns):
        return "the file's first line looks like data: have it delivered with its header"
    by_key = {header_key(column): column for column in columns}
    near = difflib.get_close_matches(header_key(name), list(by_key), n=1, cutoff=0.5)
    if near:
        return f"did you mean `{by_key[near[0]]}`?"
    return f"the columns are {', '.join(f'`{column}`' for column in columns[:20])}"
