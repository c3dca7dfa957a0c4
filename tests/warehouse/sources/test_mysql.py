"""Rows of a real MySQL or MariaDB server: every type, streaming, `since`, and what is said when it fails."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.mysql import throw_away_mysql
from warehouse.errors import SatuError
from warehouse.sources.delivery import deliver_rows
from warehouse.sources.sql import SqlSource

pytest.importorskip("pymysql")
pytestmark = pytest.mark.slow

SETUP = (
    """CREATE TABLE customers (
        id BIGINT, name VARCHAR(80), paid DECIMAL(18, 2), ratio DOUBLE, active TINYINT(1), more JSON, born DATE,
        seen TIME, flag BIT(1), photo BLOB, kind ENUM('baru', 'lama'), updated_at DATETIME(3)
    )""",
    """INSERT INTO customers VALUES
        (9007199254740993, 'Čičo 😀 "Budi"', 1250000.50, 0.1, 1, '{"a": [1]}', '1985-08-17', '10:05:00', b'1',
         x'00ff', 'baru', '2026-01-01 10:00:00.250'),
        (2, 'Sri\nHartati', -0.01, NULL, 0, NULL, '0000-00-00', NULL, NULL, NULL, NULL, '2026-01-02 10:00:00'),
        (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0000-00-00 00:00:00'),
        (4, '', 0, 0, 127, '[]', '2026-12-31', '-01:00:00', b'0', '', 'lama', NULL)""",
    "CREATE TABLE many AS SELECT seq AS id, seq * 1.50 AS paid FROM seq_1_to_20000",
    "CREATE TABLE secrets (id INT)",
    "CREATE USER reader IDENTIFIED BY 'hush-hush'",
    "GRANT SELECT ON toko.customers TO reader",
    "GRANT SELECT, INSERT, DELETE ON toko.many TO reader",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with throw_away_mysql() as url:
        engine = sa.create_engine(url.replace("mysql:", "mysql+pymysql:"))
        with engine.begin() as connection:
            for statement in SETUP:
                connection.exec_driver_sql(statement.replace("%", "%%"))
        engine.dispose()
        yield url


@pytest.fixture
def url(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SHOP_DB_URL", server.replace("root@", "reader:hush-hush@"))
    return "env:SHOP_DB_URL"


def delivered(asked: SqlSource, home: Path, at_least: str | None = None) -> list[dict[str, object]]:
    made = deliver_rows(
        asked.records(home, at_least), home / "landing", date(2026, 1, 5), b"a-secret-of-tests"
    )
    return [json.loads(line) for line in made.path.read_text().splitlines()] if made.path else []


def refusal(asked: SqlSource, home: Path) -> str:
    with pytest.raises(SatuError) as raised:
        list(asked.records(home, None))
    assert "hush" not in str(raised.value)
    return str(raised.value)


def test_every_type_is_written_down_as_it_is(url: str, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in delivered(SqlSource(url, "customers", None, None), tmp_path)}
    assert rows[9007199254740993] == {
        "id": 9007199254740993, "name": 'Čičo 😀 "Budi"', "paid": "1250000.50", "ratio": 0.1, "active": 1,
        "more": '{"a": [1]}', "born": "1985-08-17", "seen": "10:05:00", "flag": "01", "photo": "00ff",
        "kind": "baru", "updated_at": "2026-01-01T10:00:00.250000",
    }  # fmt: skip
    assert (rows[2]["name"], rows[2]["paid"], rows[2]["born"]) == ("Sri\nHartati", "-0.01", None)
    assert rows[3]["updated_at"] is None and set(rows[3].values()) == {3, None}
    assert (rows[4]["name"], rows[4]["active"], rows[4]["flag"], rows[4]["photo"]) == ("", 127, "00", "")


def test_only_rows_at_or_after_the_highest_value_come(url: str, tmp_path: Path) -> None:
    asked = SqlSource(url, "toko.customers", None, "updated_at")
    assert {row["id"] for row in delivered(asked, tmp_path, "2026-01-01T10:00:00.250000")} == {
        9007199254740993,
        2,
        4,
    }
    assert {row["id"] for row in delivered(asked, tmp_path, "2026-01-02T10:00:00")} == {2, 4}
    query = SqlSource(url, None, "SELECT id, paid FROM many WHERE paid > 1.5 AND 'a:b%' = 'a:b%';", "id")
    assert [row["id"] for row in delivered(query, tmp_path, "19999")] == [19999, 20000]


@pytest.mark.filterwarnings("ignore:Previous unbuffered result")
def test_rows_are_streamed_and_nothing_can_be_written(url: str, tmp_path: Path) -> None:
    asked = SqlSource(url, "many", None, None)
    assert next(asked.records(tmp_path, None)) == {"id": 1, "paid": pytest.approx(1.5)}
    deleting = SqlSource(url, None, "DELETE FROM many RETURNING id", None)
    assert refusal(deleting, tmp_path).startswith("the query fails")
    assert len(list(asked.records(tmp_path, None))) == 20_000


def test_what_fails_is_one_sentence(
    url: str, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in ("secrets", "mysql.user"):
        said = refusal(SqlSource(url, table, None, None), tmp_path)
        assert said.startswith("the query fails: the user may not read it")
    said = refusal(SqlSource(server, "clients", None, None), tmp_path)
    assert said.startswith("the query fails: it names a table that is not there")
    said = refusal(SqlSource(url, None, "SELECT mail FROM customers", None), tmp_path)
    assert said.startswith("the query fails: it names a column that is not there")
    slow = SqlSource(url, None, "SELECT SLEEP(30) AS id", None, timeout_seconds=1)
    assert refusal(slow, tmp_path).startswith("the query fails: the database said nothing for longer than")
    monkeypatch.setenv("SHOP_DB_URL", server.replace("root@", "reader:hush-wrong@"))
    said = refusal(SqlSource(url, "customers", None, None), tmp_path)
    assert said.startswith("the database cannot be reached or refuses the login") and "SHOP_DB_URL" in said
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        monkeypatch.setenv("SHOP_DB_URL", f"mysql://reader@127.0.0.1:{silent.getsockname()[1]}/toko")
        stalled = SqlSource(url, "customers", None, None, timeout_seconds=1)
        assert refusal(stalled, tmp_path).startswith("the database cannot be reached")
