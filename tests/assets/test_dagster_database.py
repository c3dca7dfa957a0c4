"""Dagster's storage in a real PostgreSQL server: searched wholly, and cleared of what quotes a person."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as db

from assets.context import open_context
from assets.dagster_database import POSTGRES, postgres_url, search_database
from assets.dagster_forgetting import forget_in_dagster
from data_quality.needles import Needle, TextSearch
from data_quality.postgres_search import delete_postgres_rows
from pipelines.instance import open_instance
from tests.support.nights import FORM, company
from tests.support.postgres import throw_away_postgres
from warehouse.errors import ConfigError, InputError

EMAIL = "sri@toko.id"
QUOTED = Needle((EMAIL,))
TOGETHER = Needle(("Sri Hartati", "0812"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    pytest.importorskip("dagster_postgres")
    made = company(tmp_path / "toko", FORM)
    with throw_away_postgres() as url:
        monkeypatch.setenv(POSTGRES, url)
        yield made


def quote_in_every_kind_of_column(home: Path) -> str:
    """A failed run whose error quotes a person, a tag and a compressed graph that do, and a good run; its id."""

    @dg.asset
    def customers() -> None:
        raise ValueError(f"could not convert '{EMAIL}' to a number")

    @dg.asset
    def orders() -> None:
        pass

    with open_instance(home) as instance:
        bad = dg.materialize([customers], instance=instance, raise_on_error=False)
        good = dg.materialize([orders], instance=instance)
        assert not bad.success and good.success
        instance.add_run_tags(bad.run_id, {"note": EMAIL})
        instance.run_storage.set_cursor_values({"where": EMAIL.upper(), "other": "agus@toko.id"})
    packed = zlib.compress(f'{{"of": "{EMAIL}"}}'.encode())
    changed = "UPDATE snapshots SET snapshot_body = :body WHERE snapshot_id = (SELECT snapshot_id FROM runs LIMIT 1)"
    with connected() as connection:
        connection.execute(db.text(changed), {"body": packed})
    return good.run_id


def connected() -> db.Connection:
    url = postgres_url()
    assert url is not None
    return db.create_engine(url, isolation_level="AUTOCOMMIT").connect()


def counts() -> dict[str, int]:
    with connected() as connection:
        tables = db.inspect(connection).get_table_names()
        return {t: connection.exec_driver_sql(f"SELECT COUNT(*) FROM {t}").scalar_one() for t in tables}


def stored_bytes() -> bytes:
    """What the server's files of tables hold, deleted rows too; its journal is not among them."""
    with connected() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        data = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    return b"".join(path.read_bytes() for path in sorted((data / "base").rglob("*")) if path.is_file())


def test_every_kind_of_column_is_searched_and_only_what_quotes_the_person_goes(home: Path) -> None:
    good = quote_in_every_kind_of_column(home)
    context = open_context(home)
    before, found = counts(), search_database(context, [QUOTED])
    assert {leak.path for leak in found} == {home / "dagster" / "dagster.yaml"}
    places = {leak.place.removeprefix("PostgreSQL ") for leak in found}
    assert places >= {"event_logs.event", "run_tags.value", "kvs.value", "snapshots.snapshot_body"}
    assert EMAIL.encode() in stored_bytes()
    forget_in_dagster(context, [QUOTED])
    assert search_database(context, [QUOTED]) == []
    assert EMAIL.encode() not in stored_bytes().lower(), "rows that were deleted are overwritten"
    gone = {table: before[table] - rows for table, rows in counts().items() if before[table] != rows}
    assert gone["snapshots"] == 1 and gone["kvs"] == 1 and gone["run_tags"] >= 1
    with open_instance(home) as instance:
        assert len(instance.all_logs(good)) > 5
        assert instance.run_storage.get_cursor_values({"where", "other"}) == {"other": "agus@toko.id"}
        assert {run.run_id for run in instance.get_runs()} >= {good}
    assert counts()["event_logs"] > 10
    forget_in_dagster(context, [QUOTED])


def test_what_counts_only_together_counts_within_one_row(home: Path) -> None:
    with open_instance(home) as instance:
        instance.run_storage.set_cursor_values({"Sri Hartati": "0812", "Sri": "0812", "Hartati": "0813"})
    (found,) = search_database(open_context(home), [TOGETHER])
    assert found.place == "PostgreSQL kvs, rows"
    forget_in_dagster(open_context(home), [TOGETHER])
    assert counts()["kvs"] == 2


def test_a_database_that_cannot_be_asked_is_told_and_nothing_is_taken_for_proven(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_instance(home):
        pass
    monkeypatch.setenv(POSTGRES, "postgresql://satu:hush-hush@127.0.0.1:9/dagster")
    with pytest.raises(InputError, match="Dagster's database did not do what was asked") as told:
        search_database(open_context(home), [QUOTED])
    assert "hush" not in str(told.value)
    monkeypatch.delenv(POSTGRES)
    with pytest.raises(ConfigError, match="SATU_POSTGRES_URL is not set"):
        search_database(open_context(home), [QUOTED])


def test_tables_of_others_in_the_same_database_are_left_alone(home: Path) -> None:
    with connected() as connection:
        connection.exec_driver_sql(f"CREATE TABLE guests AS SELECT '{EMAIL}' AS mail")
    with open_instance(home):
        pass
    assert search_database(open_context(home), [QUOTED]) == []
    forget_in_dagster(open_context(home), [QUOTED])
    assert counts()["guests"] == 1
    url = postgres_url()
    assert url is not None and delete_postgres_rows(url, {"guests"}, TextSearch([QUOTED])) == 1
