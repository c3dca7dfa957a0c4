"""All nasty files in one night: it ends well, every row is somewhere, every message can be read."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assets.context import open_context
from tests.landing.case import Case
from tests.landing.channels import corpus_workspace
from tests.landing.corpus import CASES
from tests.landing.corpus.cells import FORMULAS
from tests.support.nights import gate_in_sql, satu
from warehouse.query import query

ZONE = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class Morning:
    """What the night over the whole corpus leaves to be read, by the file's path."""

    warehouse: Path
    said: str
    summary: dict[str, Any]
    accounts: dict[str, dict[str, int]]
    waiting: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Morning:
    home = corpus_workspace(tmp_path_factory.mktemp("corpus") / "toko")
    for case in CASES:
        case.deliver(home)
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        run = satu("run", "--home", home, "--as-of", datetime.now(ZONE).date().isoformat(), "--json")
    assert run.code == 0, run.err
    waiting = defaultdict(list)
    for row in json.loads(satu("quarantine", "list", "--home", home, "--json").out):
        waiting[row["file"]].append(row)
    paths = open_context(home).ledger.paths()
    accounts = {
        paths[row["channel"], row["file_seq"]]: row
        for row in query(home / "warehouse", "SELECT * FROM conservation").to_pylist()
    }
    return Morning(home / "warehouse", run.out + run.err, json.loads(run.out), accounts, waiting)


@pytest.mark.parametrize("case", [c for c in CASES if c.stage != "ledger"], ids=lambda c: ascii(c.file))
def test_the_night_accounts_for_every_row_of_a_file_and_says_why(case: Case, morning: Morning) -> None:
    account, waiting = morning.accounts[case.path], morning.waiting[case.path]
    verdicts = ("accepted", "quarantined", "duplicates", "filtered", "suppressed", "expired")
    assert {name: account[name] for name in verdicts if account[name]} == {
        name: count for name in ("accepted", "quarantined", "duplicates") if (count := getattr(case, name))
    }
    assert account["received"] == sum(account[name] for name in verdicts)
    said = [row["reason"] for row in waiting]
    assert len(said) == (1 if case.whole else case.quarantined)
    assert [reason for reason in said if case.message not in reason] == []
    assert (
        case.path
        in {problem.split(":")[0].split(" line ")[0] for problem in morning.summary["unreadable_files"]}
    ) == case.whole


@pytest.mark.parametrize("case", [c for c in CASES if c.stage == "ledger"], ids=lambda c: ascii(c.file))
def test_a_file_that_is_not_taken_is_told_of_in_the_morning(case: Case, morning: Morning) -> None:
    shown = case.path.encode("utf-8", "replace").decode("utf-8")
    (said,) = [text for text in morning.summary["refused_files"] if text.startswith(f"{shown}: ")]
    assert said.removeprefix(f"{shown}: ").startswith(case.message)
    assert case.path not in morning.accounts


def test_a_phone_that_a_spreadsheet_has_rounded_is_no_phone(morning: Morning) -> None:
    sql = "SELECT record_key, phone FROM vault.customer_links JOIN vault.customer_profile USING (customer_id)"
    phones = {
        row["record_key"]: row["phone"] for row in query(morning.warehouse, sql, vault=True).to_pylist()
    }
    assert phones["people:phones.csv-1"] is phones["people:phones.csv-2"] is None
    assert phones["people:zero.csv-1"] == "+6281234567890"


def test_formulas_leave_as_text(morning: Morning) -> None:
    sql = "SELECT DISTINCT product_id FROM order_lines WHERE length(product_id) < 100"
    left = satu("query", "--home", morning.warehouse.parent, "--format", "csv", sql).out
    items = {row[0] for row in csv.reader(left.splitlines())}
    assert {f"'{text}" for text in FORMULAS} <= items
    assert not items & set(FORMULAS)


def test_the_night_ends_well_and_counts_everything(morning: Morning) -> None:
    assert sum(a["accepted"] for a in morning.accounts.values()) == sum(case.accepted for case in CASES)
    assert "Traceback" not in morning.said
