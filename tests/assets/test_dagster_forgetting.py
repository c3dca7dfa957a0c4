"""What an unforeseen error quoted of a person is taken out of Dagster's storage, and nothing else is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assets.context import open_context
from assets.dagster_forgetting import forget_in_dagster
from data_quality.leaks import scan
from data_quality.needles import Needle
from tests.support.nights import FORM, company, write

QUOTED = Needle(("budi.santoso@toko.id",))
MESSAGE = f"could not convert '{QUOTED.values[0]}' to a number"
LOGS = "dagster/storage/run/compute_logs"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A Dagster home after a night that failed: events in a database with a journal, streams of steps."""
    made = company(tmp_path / "toko", FORM)
    write(made, f"{LOGS}/step.err", MESSAGE + "\n")
    write(made, f"{LOGS}/step.out", "57 tables\n")
    database = write(made, "dagster/history/runs/run.db", "")
    with closing(sqlite3.connect(database)) as con:
        con.execute("PRAGMA journal_mode = WAL")
        con.execute("CREATE TABLE event_logs (id INTEGER PRIMARY KEY, event TEXT)")
        con.executemany("INSERT INTO event_logs (event) VALUES (?)", [("began",), (MESSAGE,), ("ended",)])
        con.commit()
    return made


def test_events_and_streams_that_quote_a_value_go_and_all_others_stay(home: Path) -> None:
    assert len(scan(home / "dagster", [QUOTED])) >= 2
    changed = forget_in_dagster(open_context(home), [QUOTED])
    assert [path.name for path in changed] == ["run.db", "step.err"]
    assert scan(home / "dagster", [QUOTED]) == []
    assert (home / LOGS / "step.out").read_text() == "57 tables\n"
    with closing(sqlite3.connect(home / "dagster/history/runs/run.db")) as con:
        assert con.execute("SELECT id, event FROM event_logs").fetchall() == [(1, "began"), (3, "ended")]


def test_bytes_of_a_deleted_event_go_as_well(home: Path) -> None:
    database = home / "dagster/history/runs/run.db"
    with closing(sqlite3.connect(database)) as con:
        con.execute("PRAGMA secure_delete = OFF")
        con.execute("DELETE FROM event_logs WHERE id = 2")
        con.commit()
    assert database in {leak.path for leak in scan(database, [QUOTED])}
    forget_in_dagster(open_context(home), [QUOTED])
    assert scan(home / "dagster", [QUOTED]) == []


def test_a_workspace_that_dagster_never_ran_in_has_nothing_to_forget(tmp_path: Path) -> None:
    assert forget_in_dagster(open_context(company(tmp_path / "toko", FORM)), [QUOTED]) == []
