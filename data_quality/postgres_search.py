"""Tables of PostgreSQL searched, and cleared of rows: Dagster may keep its runs and events there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as db

from data_quality.needles import Texts
from data_quality.sqlite_search import ROWS_TOGETHER, as_texts
from warehouse.errors import InputError

WAIT_SECONDS = 60
_AT = "ctid"
"""Where PostgreSQL keeps a row: a table need not have a key."""


def search_postgres(url: str, tables: Collection[str], texts: Texts) -> Iterator[tuple[str, frozenset[int]]]:
    """For each cell that holds values, and each row that holds values which count only together: the place
    and which. Every column is searched. InputError where the database cannot be reached."""
    with _database(url) as engine, engine.connect() as connection:
        for table in _present(connection, tables):
            columns = [column.name for column in table.columns]
            for rows in _rows(connection, table):
                for _, position, found in texts.in_rows(as_texts([cells for _, *cells in rows])):
                    place = ", rows" if position is None else f".{columns[position]}"
                    yield f"{table.name}{place}", found


def delete_postgres_rows(url: str, tables: Collection[str], texts: Texts) -> int:
    """Delete the rows that hold something, and write their tables anew, so that no file of them keeps it; how
    many. What only points to such a row stays, and points to nothing. InputError where the database cannot be
    reached or somebody else keeps a table busy."""
    changed = []
    deleted = 0
    with _database(url) as engine:
        with engine.begin() as connection:
            for table in _present(connection, tables):
                gone = [
                    rows[row][0]
                    for rows in _rows(connection, table)
                    for row in {row for row, _, _ in texts.in_rows(as_texts([c for _, *c in rows]))}
                ]
                if gone:
                    _delete(connection, table, gone)
                    changed.append(table)
                    deleted += len(gone)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in changed:
                connection.exec_driver_sql(f"VACUUM (FULL) {_quoted(connection, table)}")
    return deleted


@contextmanager
def _database(url: str) -> Iterator[db.Engine]:
    """The database. What the driver says is not repeated: it may quote the address or a row."""
    waits = f"-c lock_timeout={WAIT_SECONDS}s"
    arguments = {"connect_timeout": WAIT_SECONDS, "options": waits}
    engine = db.create_engine(url, poolclass=db.NullPool, connect_args=arguments, hide_parameters=True)
    try:
        yield engine
    except db.exc.DBAPIError as problem:
        raise InputError(
            f"Dagster's database did not do what was asked ({type(problem.orig).__name__})",
            fix="see that it is running, and that nothing keeps its tables busy; then run again",
        ) from None


def _present(connection: db.Connection, tables: Collection[str]) -> list[db.Table]:
    """Those of the tables that are there, as they are, in order."""
    found = db.MetaData()
    found.reflect(connection, only=lambda name, _: name in tables)
    return sorted(found.tables.values(), key=lambda table: table.name)


def _rows(connection: db.Connection, table: db.Table) -> Iterator[Sequence[Sequence[Any]]]:
    """Each row's place and cells, many rows at a time; bytes as they are, everything else as text."""
    cells = [
        column if isinstance(column.type, db.LargeBinary) else db.cast(column, db.Text).label(column.name)
        for column in table.columns
    ]
    at = db.cast(db.literal_column(_AT), db.Text).label(_AT)
    asked = db.select(at, *cells).select_from(table)
    streaming = {"stream_results": True, "yield_per": ROWS_TOGETHER}
    streamed = connection.execute(asked, execution_options=streaming)
    yield from streamed.partitions()


def _delete(connection: db.Connection, table: db.Table, gone: Sequence[str]) -> None:
    """Delete rows by their place; what would hold them back points to nothing first."""
    going = f"{_AT} = ANY(CAST(:gone AS tid[]))"
    for other in _present(connection, db.inspect(connection).get_table_names()):
        for key in other.foreign_keys:
            if key.column.table.name == table.name and key.ondelete is None:
                pointing: db.Select[Any] = db.select(db.column(key.column.name)).select_from(
                    db.table(table.name)
                )
                connection.execute(
                    db.update(other)
                    .where(key.parent.in_(pointing.where(db.text(going))))
                    .values({key.parent: None}),
                    {"gone": list(gone)},
                )
    connection.execute(
        db.text(f"DELETE FROM {_quoted(connection, table)} WHERE {going}"), {"gone": list(gone)}
    )


def _quoted(connection: db.Connection, table: db.Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)
