"""One DuckDB connection with every named function, and a way to call one with Python values."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

import transforms.functions
from transforms.functions import create_macros, set_secret

SECRET = b"a secret of no one"


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        create_macros(connection)
        set_secret(connection, SECRET)
        yield connection


@pytest.fixture(scope="session")
def call(con: duckdb.DuckDBPyConnection) -> Callable[..., Any]:
    """`call("norm_phone", "0812...", "ID")` is the value of `norm_phone('0812...', 'ID')`."""

    def called(function: str, *values: object) -> Any:
        row = con.execute(f"SELECT {function}({', '.join('?' for _ in values)})", values).fetchone()
        assert row is not None
        return row[0]

    return called


@pytest.fixture(scope="session")
def call_each(con: duckdb.DuckDBPyConnection) -> Callable[..., list[Any]]:
    """`call_each("norm_phone", texts, "ID")` is the value for each text, in one query."""

    def called(function: str, texts: Sequence[str | None], *values: object) -> list[Any]:
        arguments = "".join(", ?" for _ in values)
        rows = con.execute(
            f"SELECT {function}(x{arguments}) FROM (SELECT unnest(CAST(? AS VARCHAR[])) AS x)",
            [*values, list(texts)],
        ).fetchall()
        return [value for (value,) in rows]

    return called


@pytest.fixture(scope="session")
def nicknames() -> list[tuple[str, str]]:
    """The rows of the table of nicknames: (word, canonical)."""
    path = Path(transforms.functions.__file__).parent / "data" / "nicknames.csv"
    with path.open(encoding="utf-8") as seed:
        return [(row["word"], row["canonical"]) for row in csv.DictReader(seed)]
