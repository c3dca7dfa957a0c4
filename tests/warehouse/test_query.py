"""Queries read what was published and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.samples import CUSTOMERS, RFM, TABLES, night, write_day
from warehouse.errors import ConfigError, InputError
from warehouse.publish import publish, release_table
from warehouse.query import query
from warehouse.store import Store

OLDER, DAY = date(2026, 1, 30), date(2026, 1, 31)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse: Path = tmp_path_factory.mktemp("warehouse")
    night(warehouse, OLDER)
    night(warehouse, DAY)
    return warehouse


def test_bi_tables_go_by_their_bare_names(published: Path) -> None:
    found = query(published, "SELECT max(monetary) AS most FROM rfm JOIN customers USING (customer_id)")
    assert found.to_pylist() == [{"most": 31}]
    days = query(published, "SELECT count(DISTINCT as_of) AS days FROM history.customers")
    assert days.to_pylist() == [{"days": 2}]


def test_a_table_beside_the_file_is_read_like_any_other(tmp_path: Path) -> None:
    write_day(tmp_path, DAY)
    store, large = Store(tmp_path), replace(CUSTOMERS, published=False)
    publish(tmp_path, [release_table(store, t, DAY) for t in (RFM, large)], DAY)
    joined = "SELECT count(*) AS n FROM rfm JOIN customers USING (customer_id)"
    assert query(tmp_path, joined).to_pylist() == [{"n": 5}]
    with duckdb.connect(tmp_path / "current" / "satu.duckdb", read_only=True) as con:
        assert ("customers",) not in con.execute("SHOW TABLES").fetchall()
    with pytest.raises(InputError, match="cannot read files"):
        query(tmp_path, f"SELECT count(*) FROM read_parquet('{store.latest(RFM, DAY).path}')")


def test_values_are_passed_as_parameters(published: Path) -> None:
    sql = "SELECT customer_id FROM rfm WHERE customer_id > $1 ORDER BY 1"
    assert query(published, sql, params=[3]).column(0).to_pylist() == [4, 5]


@pytest.mark.parametrize(
    "sql",
    [
        "FROM rfm",
        "VALUES (1)",
        "DESCRIBE rfm",
        "SHOW TABLES",
        "WITH a AS (FROM rfm) FROM a",
        "EXPLAIN FROM rfm",
    ],
)
def test_reading_statements_run(published: Path, sql: str) -> None:
    assert query(published, sql).num_rows > 0


def test_the_vault_is_read_only_when_asked_for(published: Path) -> None:
    sql = "SELECT full_name FROM vault.customer_profile JOIN rfm USING (customer_id) WHERE customer_id = 1"
    assert query(published, sql, vault=True).to_pylist() == [{"full_name": "Budi 1"}]
    said = "the query reads the vault, which was not asked for; add --vault"
    with pytest.raises(InputError, match=said):
        query(published, sql)


@pytest.mark.parametrize("vault", [False, True])
def test_a_table_of_the_vault_named_without_it_is_told_where_it_is(published: Path, vault: bool) -> None:
    for name in ("customer_profile", "Customer_Profile"):
        with pytest.raises(InputError, match=r"write vault\.customer_profile, with --vault"):
            query(published, f"SELECT full_name FROM {name}", vault=vault)
    with pytest.raises(InputError, match="correct it"):
        query(published, "SELECT 1 FROM custmer_profile", vault=vault)


@pytest.mark.parametrize("vault", [False, True])
def test_an_older_day_is_read_from_its_partitions(published: Path, vault: bool) -> None:
    found = query(published, "SELECT DISTINCT monetary FROM rfm", as_of=OLDER, vault=vault, tables=TABLES)
    assert found.to_pylist() == [{"monetary": 30}]
    sql = "SELECT count(*) AS n FROM vault.customer_profile"
    if vault:
        assert query(published, sql, as_of=OLDER, vault=True, tables=TABLES).to_pylist() == [{"n": 5}]
    else:
        with pytest.raises(InputError, match="add --vault; its use is recorded"):
            query(published, sql, as_of=OLDER, tables=TABLES)


def test_a_day_that_is_not_retained_is_said_so(published: Path) -> None:
    with pytest.raises(InputError, match="no table is retained for 2020-01-01"):
        query(published, "SELECT 1", as_of=date(2020, 1, 1), tables=TABLES)


REFUSED = [
    "INSERT INTO rfm VALUES (DATE '2026-01-01', 1, 1)",
    "UPDATE rfm SET monetary = 0",
    "DELETE FROM rfm",
    "DROP TABLE rfm",
    "CREATE TABLE memory.main.mine AS FROM rfm",
    "COPY rfm TO '/tmp/rfm.csv'",
    "EXPORT DATABASE '/tmp/rfm'",
    "ATTACH '/tmp/other.duckdb'",
    "DETACH vault",
    "SET threads = 1",
    "SET enable_external_access = true",
    "PRAGMA enable_profiling",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "SELECT 1; DROP TABLE rfm",
    "",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM query('SELECT * FROM read_csv(''/etc/passwd'')')",
    "SELECT * FROM published",
    "EXPLAIN ANALYZE COPY rfm TO '/tmp/rfm.csv'",
]


@pytest.mark.parametrize("as_of", [None, OLDER])
@pytest.mark.parametrize("sql", REFUSED)
def test_writes_files_and_settings_are_refused(published: Path, sql: str, as_of: date | None) -> None:
    with pytest.raises(InputError):
        query(published, sql, vault=True, as_of=as_of, tables=TABLES)


def test_on_an_older_day_other_partitions_cannot_be_read(published: Path) -> None:
    vault_file = published / "vault" / "customer_profile" / f"as_of={OLDER}" / "000001.parquet"
    assert vault_file.exists()
    with pytest.raises(InputError, match="cannot read files"):
        query(published, f"FROM read_parquet('{vault_file}')", as_of=OLDER, tables=TABLES)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(full_name AS INTEGER) FROM vault.customer_profile",
        "SELECT error(full_name) FROM vault.customer_profile",
        "SELECT full_name::STRUCT(a INTEGER) FROM vault.customer_profile",
        "SELECT strptime(full_name, '%Y') FROM vault.customer_profile",
        "SELECT json_extract(full_name, '$.a') FROM vault.customer_profile",
    ],
)
def test_errors_are_one_sentence_without_data(published: Path, sql: str) -> None:
    with pytest.raises(InputError) as caught:
        query(published, sql, vault=True)
    assert "Budi" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_is_named(published: Path) -> None:
    with pytest.raises(InputError, match="nowhere"):
        query(published, "FROM nowhere")


def test_without_a_release_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="satu run"):
        query(tmp_path, "SELECT 1")
