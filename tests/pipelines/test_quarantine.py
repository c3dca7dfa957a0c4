"""Rows that wait, a fix, and the rows in the tables under the day they arrived."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.nights import COMPANY, TILL, TILL_COLUMNS, Said, company, copied, deliver, satu

SETTINGS = COMPANY + "history_start: 2026-01-01\n"
DATED = TILL.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
FIXED = DATED.replace("amount: amount", "amount: \"replace(amount, 'x', '')\"")


@dataclass(frozen=True)
class Story:
    """A night, what waited after it, a corrected contract, what the replay said, what is shown then."""

    home: Path
    listed: list[dict[str, Any]]
    replay: Said
    orders: list[dict[str, Any]]
    listed_after: list[dict[str, Any]]


def listed(home: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        satu("quarantine", "list", "--json", *options, "--home", home).out
    )
    return found


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    home = company(tmp_path_factory.mktemp("shop") / "home", DATED, settings=SETTINGS)
    sale = {"receipt": "R1", "day": "2026-01-05", "item": "A", "amount": 100}
    deliver(
        home,
        "till/2026-01-05.csv",
        TILL_COLUMNS,
        sale,
        sale | {"receipt": "R2", "day": "2026-01-04", "amount": "20x"},
    )
    deliver(home, "till/2026-01-08.csv", TILL_COLUMNS, sale | {"receipt": "R3", "amount": "3x"})
    assert satu("run", "--as-of", "2026-01-05", "--home", home).code == 0
    before = listed(home)
    company(home, FIXED, settings=SETTINGS)
    deliver(home, "till/2026-01-09.csv", TILL_COLUMNS, sale | {"receipt": "R4", "amount": "much"})
    replay = satu("quarantine", "replay", "--json", "--home", home)
    sql = "SELECT ordered_on, net_revenue FROM orders ORDER BY net_revenue"
    orders = json.loads(satu("query", sql, "--format", "json", "--home", home).out)
    return Story(home, before, replay, orders, listed(home))


def test_rows_are_listed_whether_a_release_knows_them_or_not(story: Story) -> None:
    assert [(r["file"], r["line"], r["arrived_on"]) for r in story.listed] == [
        ("landing/till/2026-01-08.csv", 2, "2026-01-08"),
        ("landing/till/2026-01-05.csv", 3, "2026-01-05"),
    ]
    assert "raw_row" not in story.listed[0]


def test_a_replay_brings_rows_in_under_the_day_they_arrived(story: Story) -> None:
    assert story.replay.code == 0, story.replay.err
    assert json.loads(story.replay.out) == {
        "brought_in": {"till": 2},
        "arrived_on": ["2026-01-05", "2026-01-08"],
        "new_files": 1,
        "still_in_quarantine": 1,
        "rebuilt": "2026-01-05",
    }
    # the release is still that of the 5th: R2, a sale of the 4th, is in it, R3 waits for the 8th
    assert story.orders == [
        {"ordered_on": "2026-01-04", "net_revenue": 20},
        {"ordered_on": "2026-01-05", "net_revenue": 100},
    ]
    assert [(r["file"], r["column_name"]) for r in story.listed_after] == [
        ("landing/till/2026-01-09.csv", "amount")
    ]


@pytest.mark.slow
def test_a_replay_of_what_came_after_the_release_leaves_it_alone(story: Story, tmp_path: Path) -> None:
    home = copied(story.home, tmp_path / "home")
    sale = {"receipt": "R5", "day": "2026-01-10", "item": "A", "amount": 8}
    deliver(home, "till/2026-01-10.csv", TILL_COLUMNS, sale)
    said = satu("quarantine", "replay", "--home", home)
    assert (said.code, "building" in said.err) == (0, False), said.err
    assert said.out.splitlines() == [
        "No row came in.",
        "1 row(s) still in quarantine, 1 before",
        "Nothing of it arrived by 2026-01-05: the release stays as it is",
        "1 new file(s) were read; `satu run` makes days after the release",
    ]


@pytest.mark.slow
def test_a_file_delivered_again_corrected_leaves_nothing_waiting(story: Story) -> None:
    sale = {"receipt": "R4", "day": "2026-01-05", "item": "A", "amount": 7}
    deliver(story.home, "till/2026-01-09.csv", TILL_COLUMNS, sale)
    said = satu("quarantine", "replay", "--home", story.home)
    assert said.code == 0, said.err
    assert said.out.startswith("No row came in.\n0 row(s) still in quarantine, 1 before\n")
    assert listed(story.home) == []
    assert [r["file"] for r in listed(story.home, "--all")] == ["landing/till/2026-01-09.csv"]
