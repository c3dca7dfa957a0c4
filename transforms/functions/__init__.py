"""Named scalar functions: `norm_name(x)`, `parse_date(x, ord)` ... One body, a second where engines differ.

`create_macros` gives them to DuckDB, `expand` writes them out for another engine, `set_secret` binds the
key that `keyed` functions need.
"""

from __future__ import annotations

import hashlib

import duckdb
from sqlglot import exp

from transforms.functions import (
    addresses,
    agreement,
    codes,
    dates,
    emails,
    keys,
    matching,
    names,
    national_ids,
    numbers,
    phones,
    received,
    registry,
    text,
)
from transforms.functions.registry import Function

_FAMILIES = (
    text,
    keys,
    names,
    agreement,
    phones,
    emails,
    national_ids,
    numbers,
    dates,
    received,
    codes,
    addresses,
    matching,
)

FUNCTIONS: dict[str, Function] = {
    function.name: function for family in _FAMILIES for function in family.FUNCTIONS
}

__all__ = ["FUNCTIONS", "Function", "create_macros", "expand", "set_secret"]


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """Create every function as a macro of this connection."""
    for function in FUNCTIONS.values():
        con.execute(function.macro)


def set_secret(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Bind the secret that keyed functions use; the key itself never appears in a statement."""
    inner, outer = keys.hmac_blocks(key, hashlib.sha256(key).digest())
    con.execute("SET VARIABLE hmac_inner = ?", [inner])
    con.execute("SET VARIABLE hmac_outer = ?", [outer])


def expand(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The tree with every call of a named function replaced by its body for `dialect`."""
    return registry.expand(tree, FUNCTIONS, dialect)
