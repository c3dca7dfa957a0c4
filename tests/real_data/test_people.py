"""Channels that know people and no sales: marts without orders, customers without purchases."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
    make_workspace,
    run_night,
    shared_data,
)

AS_OF = date(2024, 1, 31)
WORKSPACES = Path(__file__).parent / "workspaces"
SALES_TABLES = ("orders", "order_lines", "rfm", "clv", "churn", "pareto")


@pytest.fixture(scope="module")
def febrl(tmp_path_factory: pytest.TempPathFactory) -> NightDone:
    landing = {"register/register_2024-01-31.csv": shared_data("febrl3.csv")}
    return run_night(
        make_workspace(tmp_path_factory.mktemp("febrl") / "home", WORKSPACES / "febrl", landing), AS_OF
    )


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> NightDone:
    landing = {"signups/signups_2024-01-31.csv": shared_data("people_fake_1000.csv")}
    return run_night(
        make_workspace(tmp_path_factory.mktemp("people") / "home", WORKSPACES / "people", landing), AS_OF
    )


def precision_and_recall(done: NightDone, person_of: Callable[[str], str]) -> tuple[float, float]:
    """Of pairs of records: how many put together are one person, how many of one person are together."""
    true, found, both = Counter(), Counter(), Counter()
    for row in done.rows("SELECT record_key, customer_id FROM vault.customer_links"):
        person = person_of(row["record_key"].split(":", 1)[1])
        true[person] += 1
        found[row["customer_id"]] += 1
        both[person, row["customer_id"]] += 1
    right = _pairs(both)
    return right / _pairs(found), right / _pairs(true)


def _pairs(sizes: Counter[object]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def test_copies_of_people_in_a_register_are_found(febrl: NightDone) -> None:
    """5,000 records of 2,000 people; `rec-7-dup-1` is the person of `rec-7-org`."""
    assert_every_row_is_accounted_for(febrl)
    assert accounts(febrl, "register") == [{"received": 5000, "accepted": 5000}]
    assert febrl.value("SELECT COUNT(*) FROM vault.customer_links") == 5000
    precision, recall = precision_and_recall(febrl, lambda record: record.split("-")[1])
    assert precision >= 0.99
    assert recall >= 0.75
    assert 1900 <= febrl.value("SELECT COUNT(*) FROM customers") <= 2600


def test_sign_ups_full_of_errors_are_not_put_together_wrongly(people: NightDone) -> None:
    """1,000 records of 251 people."""
    assert_every_row_is_accounted_for(people)
    assert accounts(people, "signups") == [{"received": 1000, "accepted": 1000}]
    with shared_data("people_fake_1000.csv").open(encoding="utf-8") as file:
        cluster = {row["unique_id"]: row["cluster"] for row in csv.DictReader(file)}
    precision, recall = precision_and_recall(people, lambda record: cluster[record])
    assert precision >= 0.95
    assert recall > 0
    assert 240 <= people.value("SELECT COUNT(*) FROM customers") <= 1000


def test_people_without_sales_are_prospects_and_the_marts_are_empty(febrl: NightDone) -> None:
    assert febrl.column("SELECT DISTINCT lifecycle_stage FROM customers") == ["prospect"]
    for table in SALES_TABLES:
        assert febrl.value(f"SELECT COUNT(*) FROM {table}") == 0, table
    models = febrl.column("SELECT DISTINCT model FROM model_quality ORDER BY model")
    assert models == ["fallback_pooled_mean", "fallback_pooled_rate"]
    totals = febrl.column("SELECT value FROM pareto_summary WHERE metric LIKE 'total%'")
    assert set(totals) == {0}


def test_the_calendar_of_a_company_without_sales_is_not_older_than_the_company(febrl: NightDone) -> None:
    assert febrl.value("SELECT MIN(date) FROM dim_date") >= date(2024, 1, 1)


def test_a_night_before_anything_has_come_is_whole_and_empty(tmp_path: Path) -> None:
    done = run_night(make_workspace(tmp_path / "home", WORKSPACES / "people", {}), AS_OF)
    for table in ("customers", "conservation", *SALES_TABLES):
        assert done.value(f"SELECT COUNT(*) FROM {table}") == 0, table
    assert done.value("SELECT COUNT(*) FROM quality_results WHERE NOT is_passed AND severity = 'error'") == 0
