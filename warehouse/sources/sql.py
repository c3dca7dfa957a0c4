"""Rows of a relational database, read in one read-only transaction and never held in memory whole."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from warehouse.errors import ConfigError, InputError
from warehouse.sources.environment import PREFIX, checked, is_secret, resolved
from warehouse.sources.model import Record
from warehouse.yamltext import YamlNode

KEYS = ("url", "table", "query", "since", "timeout_seconds")
_SQLITE, _POSTGRES, _MYSQL = "sqlite", "postgresql", "mysql"
_DRIVERS = {_SQLITE: "sqlite", _POSTGRES: "postgresql+psycopg2", _MYSQL: "mysql+pymysql"}
_INSTALLED_AS = {_POSTGRES: "satu[postgres]", _MYSQL: "satu[mysql]"}
_SECRET_PARTS = frozenset({"password", "passwd", "sslpassword"})
_BATCH_ROWS = 5_000
_CONNECT_SECONDS = 20
_ZERO_DATE = "0000-00-00"
_NO_TABLE, _NO_COLUMN, _NO_RIGHT, _TOO_SLOW = (
    "it names a table that is not there",
    "it names a column that is not there",
    "the user may not read it",
    "the database said nothing for longer than `source.timeout_seconds`",
)
_KNOWN_CODES = {
    "42P01": _NO_TABLE, "3F000": _NO_TABLE, "1146": _NO_TABLE, "no such table": _NO_TABLE,
    "42703": _NO_COLUMN, "1054": _NO_COLUMN, "no such column": _NO_COLUMN,
    "42501": _NO_RIGHT, "1142": _NO_RIGHT, "1143": _NO_RIGHT, "1044": _NO_RIGHT,
    "57014": _TOO_SLOW, "2013": _TOO_SLOW,
}  # fmt: skip
"""What PostgreSQL, MySQL and SQLite call what goes wrong; their own words may quote values."""


@dataclass(frozen=True)
class SqlSource:
    """A table, or the rows of a query. With `since`, only those at or after the highest value delivered."""

    url: str
    table: str | None
    query: str | None
    since: str | None
    timeout_seconds: int = 600

    def records(self, home: Path, at_least: str | None, limit: int | None = None) -> Iterator[Record]:
        """The rows as the database gives them."""
        url = _url(self.url)
        engine = _engine(url, home, self.timeout_seconds)
        try:
            with _connected(engine, self.url, self.timeout_seconds) as connection, _querying():
                rows = connection.execute(self._select(connection.dialect, at_least, limit))
                names = self._checked_names(list(rows.keys()))
                for batch in rows.partitions(_BATCH_ROWS):
                    yield from (dict(zip(names, row, strict=True)) for row in batch)
        finally:
            engine.dispose()

    def _select(self, dialect: sa.Dialect, at_least: str | None, limit: int | None) -> sa.Select[Any]:
        if self.table is not None:
            schema, _, name = self.table.rpartition(".")
            rows: sa.FromClause = sa.table(name, schema=schema or None)
        else:
            text = (self.query or "").strip().rstrip(";").replace(":", r"\:")
            rows = sa.text(f"({text}) AS delivered")  # type: ignore[assignment]
        found = sa.select(sa.text("*")).select_from(rows)
        if self.since is not None:
            mark: sa.ColumnElement[Any] = sa.column(self.since)
            if at_least is not None:  # a row without the value may be new at any time
                found = found.where(sa.or_(mark >= _bound(dialect, at_least), mark.is_(None)))
            found = found.order_by(mark)
        return found if limit is None else found.limit(limit)

    def _checked_names(self, names: list[str]) -> list[str]:
        if len({name.casefold() for name in names}) < len(names):
            raise InputError("the query names two columns alike", fix="give one of them another name with AS")
        if self.since is not None and self.since.casefold() not in {name.casefold() for name in names}:
            raise InputError(f"the rows have no column `{self.since}`", fix="correct `source.since`")
        return names


def read_sql_source(node: YamlNode, spec: dict[str, YamlNode]) -> SqlSource:
    """The source of a contract; a password in it is refused."""
    if "url" not in spec:
        raise node.error("`url` is missing", "add `url: env:SHOP_DB_URL`")
    if ("table" in spec) == ("query" in spec):
        raise node.error("either `table` or `query` is needed", "keep one of them")
    url = checked(spec["url"])
    if not is_secret(url):
        try:
            parsed = _url(url)
        except ConfigError as problem:
            raise spec["url"].error(problem.message, problem.fix or "") from None
        if parsed.password is not None or _SECRET_PARTS & set(parsed.query):
            raise spec["url"].error(
                "the contract holds a password",
                "put the address into the environment: `url: env:SHOP_DB_URL`",
            )
    return SqlSource(
        url,
        spec["table"].text() if "table" in spec else None,
        spec["query"].text() if "query" in spec else None,
        spec["since"].text() if "since" in spec else None,
        spec["timeout_seconds"].integer(1, 86_400) if "timeout_seconds" in spec else 600,
    )


def _url(text: str) -> URL:
    try:
        url = make_url(resolved(text))
    except ArgumentError:
        raise ConfigError(
            "this is not the address of a database", fix="write e.g. postgresql://user@server/database"
        ) from None
    backend = {"postgres": _POSTGRES, "mariadb": _MYSQL}.get(url.get_backend_name(), url.get_backend_name())
    if backend not in _DRIVERS:
        raise ConfigError(
            "this database is not one that is read", fix=f"use one of {', '.join(sorted(_DRIVERS))}"
        )
    return url.set(drivername=_DRIVERS[backend])


def _engine(url: URL, home: Path, timeout_seconds: int) -> sa.Engine:
    backend = url.get_backend_name()
    try:
        if backend == _SQLITE:
            return sa.create_engine(url, creator=partial(_open_sqlite, home / (url.database or "")))
        given: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS}
        if backend == _MYSQL:
            given |= {"read_timeout": timeout_seconds, "conv": _without_zero_dates()}
        else:
            given |= {"keepalives_idle": _CONNECT_SECONDS, "keepalives_interval": 10, "keepalives_count": 3}
        return sa.create_engine(url, connect_args=given)
    except ImportError:
        raise ConfigError(
            f"the driver for {backend} is not installed", fix=f"install `{_INSTALLED_AS[backend]}`"
        ) from None


def _without_zero_dates() -> dict[int, Any]:
    """How the driver reads values; `0000-00-00`, as MySQL writes that there is no date, is none."""
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions

    def dated(read: Callable[[str], object]) -> Callable[[str], object]:
        return lambda text: None if text.startswith(_ZERO_DATE) else read(text)

    kinds = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP)
    return conversions | {kind: dated(conversions[kind]) for kind in kinds}


def _open_sqlite(path: Path) -> sqlite3.Connection:
    """Opened for reading only: a path that is wrong makes no empty database."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


@contextmanager
def _connected(engine: sa.Engine, written: str, timeout_seconds: int) -> Iterator[sa.Connection]:
    """A connection that can change nothing, with its rows streamed."""
    try:
        connection = engine.connect()
    except (SQLAlchemyError, UnicodeError):
        where = written.removeprefix(PREFIX) if is_secret(written) else "`source.url`"
        raise InputError(
            "the database cannot be reached or refuses the login",
            fix=f"see that it runs, and that address, user and password in {where} are right",
        ) from None
    with connection:
        if engine.dialect.name == _POSTGRES:
            connection = connection.execution_options(postgresql_readonly=True)
            connection.execute(sa.text(f"SET LOCAL statement_timeout = '{timeout_seconds}s'"))
        elif engine.dialect.name == _MYSQL:
            connection.execute(sa.text("SET SESSION TRANSACTION READ ONLY"))
            connection.rollback()
        yield connection.execution_options(stream_results=True, max_row_buffer=_BATCH_ROWS)


@contextmanager
def _querying() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        reason = _reason(error.orig)
        raise InputError(
            f"the query fails{f': {reason}' if reason else ''}", fix="try it in the database itself"
        ) from None
    except (SQLAlchemyError, sqlite3.Error, UnicodeError):
        raise InputError("the query fails", fix="try it in the database itself") from None


def _reason(error: BaseException | None) -> str | None:
    code = getattr(error, "pgcode", None) or next(iter(getattr(error, "args", ())), "")
    words = re.match(r"no such \w+", str(code))
    return _KNOWN_CODES.get(words.group() if words else str(code))


def _bound(dialect: sa.Dialect, value: str) -> object:
    """The value as the database compares it with its column; SQLite holds numbers above no text."""
    is_whole = re.fullmatch(r"0|-?[1-9]\d{0,17}", value) is not None
    return int(value) if dialect.name == _SQLITE and is_whole else value
