"""Channels that are no files, from the source to what is known of people: once, wholly, and never told in values."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assets.context import Context, open_context
from assets.landing_erasure import rewrite_landing
from assets.pulling import highest_delivered, pull_all, pull_problems
from assets.suppression import suppress, suppression_entries
from data_quality.needles import Needle
from pipelines.checking import check_workspace
from pipelines.dry_run import dry_run
from pipelines.status import status_of
from tests.support.nights import TILL, TILL_COLUMNS, bring, company, deliver, known
from warehouse.pulls import PullEnd
from warehouse.workspace import load_workspace

DAY = "2026-01-05"
CRM = """
    channel: crm
    source:
      type: sql
      url: sqlite:///crm.db
      table: people
      since: changed
      options: {dates: ymd}
    maps:
      contacts:
        - source_id: id
          seen_at: changed
          full_name: name
          email: mail
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    made = company(tmp_path / "toko", CRM, TILL)
    deliver(made, "till/a.csv", TILL_COLUMNS, {"receipt": "R1", "day": DAY, "customer": "8", "amount": "5"})
    database(made, "CREATE TABLE people (id INTEGER, name TEXT, mail TEXT, changed TEXT)")
    add(made, 1, "Sri Hartati", "sri@toko.id", "2026-01-01")
    add(made, 2, "Agus Salim", "agus@toko.id", "2026-01-02")
    yield made


def database(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "crm.db")) as connection, connection:
        connection.execute(statement, values)


def add(home: Path, *values: object) -> None:
    database(home, "INSERT INTO people VALUES (?, ?, ?, ?)", *values)


def pulled(home: Path) -> tuple[Context, list[PullEnd]]:
    context = open_context(home)
    return context, pull_all(context, lambda text: None)


def files(home: Path) -> list[Path]:
    return sorted((home / "landing" / "crm").iterdir())


def mails(home: Path) -> list[str]:
    rows = known(home, DAY, "SELECT DISTINCT email FROM contact_rows WHERE channel = 'crm' ORDER BY email")
    return [row["email"] for row in rows]


def test_a_pull_is_a_delivery_and_the_next_brings_only_what_is_new(home: Path) -> None:
    context, (end,) = pulled(home)
    assert (end.channel, end.received, end.files, end.problem) == ("crm", 2, 1, None)
    bring(home)
    assert highest_delivered(context, context.workspace.channels["crm"], "changed") == "2026-01-02"
    assert mails(home) == ["agus@toko.id", "sri@toko.id"]
    add(home, 3, "Čičo", "cico@toko.id", "2026-01-03")
    _, (end,) = pulled(home)
    assert (end.received, end.files) == (2, 1), "the row at the mark and the new one"
    assert mails(home) == ["agus@toko.id", "cico@toko.id", "sri@toko.id"]
    pulled(home)
    before = files(home)
    _, (end,) = pulled(home)
    assert (end.received, end.files) == (1, 0)
    assert files(home) == before


def test_a_pull_that_fails_is_a_sentence_and_stops_nothing(home: Path) -> None:
    pulled(home)
    (home / "crm.db").unlink()
    context, (end,) = pulled(home)
    assert end.problem is not None
    assert end.problem.startswith("channels/crm.yaml: the database cannot be reached or refuses the login")
    assert pull_problems(context) == {"crm": end.problem}
    assert f"not pulled: {end.problem}" in status_of(context, datetime.now(UTC))["attention"]
    _, registration = bring(home)
    assert {entry.channel for entry in registration.new} == {"crm", "till"}


def test_check_asks_the_source_and_leaves_nothing(home: Path) -> None:
    report = check_workspace(open_context(home))
    assert report.problems == []
    assert {
        (row["field"], row["rows"], row["filled"]) for row in report.fields if row["channel"] == "crm"
    } >= {("email", 2, 2)}
    assert not (home / "landing" / "crm").exists()
    database(home, "ALTER TABLE people RENAME COLUMN mail TO post")
    (problem,) = check_workspace(open_context(home)).problems
    assert "there is no column `mail`" in problem and problem.endswith("(looking at its source)")
    (home / "crm.db").unlink()
    (problem,) = check_workspace(open_context(home)).problems
    assert problem.startswith("channels/crm.yaml: the database cannot be reached")


def test_a_dry_run_asks_no_source(home: Path) -> None:
    bring(home)
    assert dry_run(open_context(home), None)["not_asked"] == ["crm"]
    assert not (home / "landing" / "crm").exists()


def test_an_erasure_takes_the_person_out_of_the_delivery_and_no_pull_brings_them_back(home: Path) -> None:
    pulled(home)
    context, _ = bring(home)
    suppress(context, suppression_entries(context, ["crm:1"]))
    rewrite_landing(context, [Needle(("sri@toko.id",))], date(2026, 1, 20))
    (file,) = files(home)
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == [2]
    database(home, "UPDATE people SET changed = '2026-01-04'")
    _, (end,) = pulled(home)
    assert (end.received, end.files) == (2, 1), "the source has not erased the person"
    assert mails(home) == ["agus@toko.id"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("url: sqlite:///crm.db", "url: postgresql://sri:hush@db/crm", "line 4 column 8: the contract holds a password"),
        ("url: sqlite:///crm.db", "url: env:CRM URL", "line 4 column 8: this is not the name of an environment variable"),
        ("url: sqlite:///crm.db", "url: oracle://db/crm", "line 4 column 8: this database is not one that is read"),
        ("  table: people\n", "", "line 3 column 3: either `table` or `query` is needed"),
        ("  url: sqlite:///crm.db\n", "", "line 3 column 3: `url` is missing"),
        ("table: people", "tabel: people", "line 5 column 3: unknown key `tabel`; did you mean `table`?"),
        ("type: sql", "type: sqlite", "line 3 column 9: `sqlite` is not known here"),
    ],
)  # fmt: skip
def test_a_wrong_contract_is_told_by_line_and_column(home: Path, before: str, after: str, said: str) -> None:
    path = home / "channels" / "crm.yaml"
    path.write_text(path.read_text().replace(before, after))
    (problem,) = load_workspace(home).problems
    assert str(problem).startswith(f"channels/crm.yaml {said}")
    assert "hush" not in str(problem)
