"""DuckDB as a SQLAlchemy dialect that Great Expectations can work with.

Great Expectations fetches rows after the transaction that read them has ended, which DuckDB does not allow,
and asks for keys that DuckDB cannot reflect. So this dialect starts no transaction and knows of no key.
Import this module only inside functions: it loads SQLAlchemy.
"""

from __future__ import annotations

from typing import Any

from duckdb_engine import Dialect
from sqlalchemy.dialects import registry
from sqlalchemy.engine.url import URL
from sqlalchemy.pool import Pool, StaticPool

from data_quality.parquet import NO_PROGRESS_BAR

URL_IN_MEMORY = "duckdb+gx:///:memory:"


class GxDialect(Dialect):
    """duckdb-engine without transactions and key reflection, on one connection for the whole process."""

    driver = "gx"
    supports_statement_cache = False

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return StaticPool

    def connect(self, *arguments: Any, **settings: Any) -> Any:
        connection = super().connect(*arguments, **settings)
        connection.execute(NO_PROGRESS_BAR)
        return connection

    def do_begin(self, connection: Any) -> None:
        """Nothing: every statement is its own transaction."""

    def do_commit(self, connection: Any) -> None:
        """Nothing to commit."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing to roll back."""

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return {"constrained_columns": [], "name": None}

    def get_multi_pk_constraint(self, *_: Any, **kw: Any) -> Any:
        return {}

    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return []

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        return []

    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        return []


def register() -> None:
    """Make `duckdb+gx://` known to SQLAlchemy in this process."""
    registry.register("duckdb.gx", __name__, "GxDialect")
