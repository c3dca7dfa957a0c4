"""Segments over a night: members, who came and went since the month-end, and files that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.nights import (
    TILL,
    TILL_COLUMNS,
    checksums,
    company,
    copied,
    customers_of,
    deliver,
    night,
    satu,
    table_of,
    write,
)
from warehouse.segments import read_segment

ARRIVING = "arrived: name:%Y-%m-%d\n      options:"
DAY = "2026-02-10"
REGULARS = """\
segment: regulars
description: {en: Three purchase days, id: Tiga hari belanja}
purpose: marketing
where: "count_order_days >= 3"
"""
LATELY = """\
segment: lately
description: {en: Bought within three weeks, id: Belanja dalam tiga minggu}
purpose: service
where: "recency_days <= 21 AND pareto_class = 'A'"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sri buys twice in January and again in February; Dewi and Agus in mid-January, Budi in February."""
    home = company(tmp_path_factory.mktemp("segments") / "shop", TILL.replace("options:", ARRIVING))
    write(home, "segments/regulars.yaml", REGULARS)
    write(home, "segments/lately.yaml", LATELY)
    sales = [("2026-01-05", 1), ("2026-01-08", 1), ("2026-01-15", 4), ("2026-01-20", 2), ("2026-02-02", 1)]
    sales += [("2026-02-05", 3)]
    names = {1: "Sri Hartati", 2: "Agus Salim", 3: "Budi Santoso", 4: "Dewi Lestari"}
    for number, (day, who) in enumerate(sales):
        row = {"receipt": f"R{number}", "day": day, "item": "A", "amount": 100, "customer": who}
        deliver(home, f"till/{number} {day}.csv", TILL_COLUMNS, row | {"name": names[who]})
    night(home, DAY)
    return home


def members(home: Path) -> set[tuple[Any, ...]]:
    """Segment, who by number of the till, and whether they came, stayed or left."""
    people = {customer: key for key, customer in customers_of(home, DAY).items()}
    rows = table_of(home, "segment_members", DAY).to_pylist()
    return {(row["segment"], people[row["customer_id"]], row["status"]) for row in rows}


def test_members_are_told_from_those_who_came_and_went_since_the_month_end(home: Path) -> None:
    assert members(home) == {
        ("regulars", "till:1", "entered"),
        ("lately", "till:1", "entered"),
        ("lately", "till:2", "stayed"),
        ("lately", "till:3", "entered"),
        ("lately", "till:4", "left"),
    }


def test_the_table_of_segments_says_what_each_is_for(home: Path) -> None:
    rows = table_of(home, "dim_segment", DAY).to_pylist()
    assert [(row["segment"], row["purpose"], row["condition"]) for row in rows] == [
        ("lately", "service", "recency_days <= 21 AND pareto_class = 'A'"),
        ("regulars", "marketing", "count_order_days >= 3"),
    ]
    versions = {row["version"] for row in table_of(home, "segment_members", DAY).to_pylist()}
    assert versions == {row["version"] for row in rows}


def test_members_made_again_alone_are_the_same(home: Path) -> None:
    before = checksums(home)
    night(home, DAY, selected=["segment_members"])
    assert checksums(home) == before


def test_a_changed_condition_is_another_version_and_a_comment_is_not(home: Path) -> None:
    path = home / "segments" / "regulars.yaml"
    first = read_segment(path, "a").version
    write(home, "copies/a.yaml", "# said otherwise\n" + REGULARS)
    write(home, "copies/b.yaml", REGULARS.replace("3", "4"))
    assert read_segment(home / "copies" / "a.yaml", "a").version == first
    assert read_segment(home / "copies" / "b.yaml", "b").version != first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (REGULARS.replace("purpose: marketing\n", ""), "segments/bad.yaml line 1 column 1: the segment has no `purpose`"),
        (REGULARS.replace("count_order_days", "count_order_day"), "segments/bad.yaml line 4 column 8: where: there is no"),
        (REGULARS.replace(">= 3", ">= (SELECT 3)"), "segments/bad.yaml line 4 column 8: where: `subquery` is not allowed"),
        (REGULARS.replace("where:", "when:"), "segments/bad.yaml line 4 column 1: unknown key `when`"),
        (REGULARS, "segments/regulars.yaml: segment `regulars` is also declared in segments/bad.yaml"),
    ],
)  # fmt: skip
def test_a_wrong_segment_is_named_by_file_and_line_and_the_others_stay(
    home: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    other = copied(home, tmp_path / "shop")
    write(other, "segments/bad.yaml", text)
    said = satu("check", "--home", other)
    assert said.code == 2 and sentence in said.err + said.out, said.err + said.out
