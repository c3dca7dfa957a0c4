"""Rows of real databases as deliveries: what is asked for, how it is written down, what is said when it fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.postgres import throw_away_postgres
from warehouse.errors import SatuError
from warehouse.sources.delivery import deliver_rows
from warehouse.sources.sql import SqlSource

SECRET = b"a-secret-of-tests"
DAY = date(2026, 1, 5)
SHOP = """
    CREATE TABLE customers (id INTEGER, name TEXT, paid REAL, photo BLOB, updated_at TEXT);
    INSERT INTO customers VALUES
        (1, 'Sri "Dewi"', 1.5, x'00ff', '2026-01-01 10:00:00'),
        (2, 'Agus\nHartati', NULL, NULL, '2026-01-02 10:00:00'),
        (3, 'Čičo', 9e999, NULL, NULL);
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript(SHOP)
    yield tmp_path


def source(
    query: str | None = None,
    since: str | None = None,
    url: str = "sqlite:///shop.db",
    table: str = "customers",
) -> SqlSource:
    return SqlSource(url, None if query else table, query, since)


def delivered(asked: SqlSource, home: Path, at_least: str | None = None) -> list[dict[str, object]]:
    made = deliver_rows(asked.records(home, at_least), home / "landing", DAY, SECRET)
    return [json.loads(line) for line in made.path.read_text().splitlines()] if made.path else []


def refusal(asked: SqlSource, home: Path) -> str:
    with pytest.raises(SatuError) as raised:
        list(asked.records(home, None))
    return str(raised.value)


def test_a_table_is_written_down_row_by_row(home: Path) -> None:
    assert delivered(source(), home) == [
        {"id": 1, "name": 'Sri "Dewi"', "paid": 1.5, "photo": "00ff", "updated_at": "2026-01-01 10:00:00"},
        {"id": 2, "name": "Agus\nHartati", "paid": None, "photo": None, "updated_at": "2026-01-02 10:00:00"},
        {"id": 3, "name": "Čičo", "paid": None, "photo": None, "updated_at": None},
    ]


def test_the_same_rows_in_another_order_are_the_same_delivery(home: Path) -> None:
    first = deliver_rows(
        source("SELECT * FROM customers ORDER BY id").records(home, None), home / "l", DAY, SECRET
    )
    again = source("SELECT * FROM customers ORDER BY id DESC;").records(home, None)
    assert first.path is not None and first.path.name.startswith("2026-01-05-")
    assert deliver_rows(again, home / "l", date(2026, 1, 6), SECRET).path is None
    assert [path.name for path in (home / "l").iterdir()] == [first.path.name]
    fewer = source("SELECT * FROM customers WHERE id > 1").records(home, None)
    assert deliver_rows(fewer, home / "l", DAY, SECRET).path is not None


@pytest.mark.parametrize(
    ("since", "at_least", "ids"),
    [("updated_at", "2026-01-02 10:00:00", {2, 3}), ("id", "2", {2, 3}), ("id + 0 AS n", "3", {3})],
)
def test_only_rows_at_or_after_the_highest_delivered_value_come(
    home: Path, since: str, at_least: str, ids: set[int]
) -> None:
    name = since.split()[-1]
    asked = source(f"SELECT *, {since} FROM customers", name) if " " in since else source(since=since)
    assert {row["id"] for row in delivered(asked, home, at_least)} == ids


def test_colons_and_percent_signs_of_a_query_are_text(home: Path) -> None:
    query = "SELECT id FROM customers WHERE updated_at LIKE '%10:00%' AND 'a:b' = 'a:b' ORDER BY id"
    assert delivered(source(query), home) == [{"id": 1}, {"id": 2}]


def test_no_rows_leave_no_file(home: Path) -> None:
    assert delivered(source("SELECT * FROM customers WHERE 1 = 0"), home) == []
    assert list((home / "landing").iterdir()) == []


def test_nothing_can_be_written(home: Path) -> None:
    assert refusal(source("DELETE FROM customers RETURNING *"), home).startswith("the query fails")
    assert len(delivered(source(), home)) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (source(table="clients"), "the query fails: it names a table that is not there"),
        (source("SELECT mail FROM customers"), "the query fails: it names a column that is not there"),
        (source("SELECT id FROM customers", "id2"), "the query fails: it names a column that is not there"),
        (source(url="sqlite:///none.db"), "the database cannot be reached or refuses the login"),
        (source(url="env:SATU_NO_SUCH_URL"), "the environment variable SATU_NO_SUCH_URL is not set"),
        (source(url="oracle://server/db"), "this database is not one that is read"),
    ],
)
def test_what_fails_is_one_sentence(home: Path, asked: SqlSource, said: str) -> None:
    assert refusal(asked, home).startswith(said)
    assert not (home / "none.db").exists()


@pytest.mark.slow
def test_postgresql_gives_the_same_and_lets_nothing_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg2")
    with throw_away_postgres() as url:
        monkeypatch.setenv("SHOP_DB_URL", url)
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg2:"))
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE SCHEMA crm"))
            connection.execute(
                sa.text(
                    "CREATE TABLE crm.customers AS SELECT n AS id, 1.50::numeric AS paid, ARRAY[n] AS tags,"
                    " TIMESTAMPTZ '2026-01-01 00:00+00' + n * INTERVAL '1 day' AS updated_at"
                    " FROM generate_series(1, 20000) AS n"
                )
            )
        engine.dispose()
        asked = SqlSource("env:SHOP_DB_URL", "crm.customers", None, "updated_at")
        rows = list(asked.records(tmp_path, None))
        assert len(rows) == 20_000
        mark = delivered(asked, tmp_path)[-2]["updated_at"]
        last = delivered(asked, tmp_path, str(mark))
        assert [(row["id"], row["paid"], row["tags"]) for row in last] == [
            (19_999, "1.50", [19_999]),
            (20_000, "1.50", [20_000]),
        ]
        shop = "env:SHOP_DB_URL"
        assert "a table that is not there" in refusal(source(url=shop, table="crm.clients"), tmp_path)
        assert "a column that is not there" in refusal(
            source("SELECT a FROM crm.customers", url=shop), tmp_path
        )
        alike = source("SELECT id, paid AS id FROM crm.customers", url=shop)
        assert refusal(alike, tmp_path).startswith("the query names two columns alike")
        slow = SqlSource(shop, None, "SELECT pg_sleep(30)", None, timeout_seconds=1)
        assert "the database said nothing for longer than" in refusal(slow, tmp_path)
        deleting = "WITH gone AS (DELETE FROM crm.customers RETURNING id) SELECT * FROM gone"
        assert refusal(source(deleting, url=shop), tmp_path).startswith("the query fails")
        assert len(list(asked.records(tmp_path, None))) == 20_000
        monkeypatch.setenv("SHOP_DB_URL", url.replace("postgres@", "nobody:hush-hush@"))
        said = refusal(source(url=shop), tmp_path)
        assert said.startswith("the database cannot be reached or refuses the login")
        assert "SHOP_DB_URL" in said and "hush-hush" not in said
