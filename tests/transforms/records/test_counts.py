"""Counts of files in; completeness, faults and drift out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from transforms.functions import create_macros
from transforms.model import Model

AS_OF = date(2026, 3, 31)
Count = tuple[date, str, str, int]
FIELDS = [("shop", "contacts", 1, "email", "biographic", "contact")]


def day(before: int) -> date:
    return AS_OF - timedelta(days=before)


def told(model: str, counts: Sequence[Count], delivered: bool = True) -> list[dict[str, Any]]:
    """The rows of a model over (day of arrival, measure, item, count) of one channel's contacts."""
    with duckdb.connect() as con:
        create_macros(con)
        con.execute("CREATE TABLE params AS SELECT DATE '2026-03-31' AS as_of")
        con.execute(
            "CREATE TABLE mapped_fields (channel VARCHAR, contract VARCHAR, mapping INTEGER, field VARCHAR,"
            " family VARCHAR, purpose VARCHAR)"
        )
        con.executemany("INSERT INTO mapped_fields VALUES (?, ?, ?, ?, ?, ?)", FIELDS)
        con.execute(
            "CREATE TABLE row_counts (channel VARCHAR, contract VARCHAR, mapping INTEGER, file_day DATE,"
            " arrived DATE, measure VARCHAR, item VARCHAR, n BIGINT)"
        )
        rows = [("shop", "contacts", 1, at if delivered else day(-1), at, *rest) for at, *rest in counts]
        con.executemany("INSERT INTO row_counts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        found = con.execute(Model.load(f"records/{model}").sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def usual_days(count: int, *counts: tuple[str, str, int], first: int = 1) -> list[Count]:
    return [(day(before), *rest) for before in range(first, first + count) for rest in counts]


def states(counts: Sequence[Count], delivered: bool = True) -> dict[str, str]:
    rows = told("source_drift", counts, delivered)
    return {row["measure"]: row["state"] for row in rows if row["state"] not in ("usual", "unknown")}


def test_completeness_validity_and_freshness_of_a_field_with_trend() -> None:
    counts = [
        (day(40), "kept", "", 10),
        (day(40), "filled", "email", 9),
        (day(3), "kept", "", 10),
        (day(3), "filled", "email", 2),
        (day(3), "invalid", "email", 1),
        (day(0), "kept", "", 20),
        (day(-1), "kept", "", 99),  # not yet known
    ]
    (row,) = told("data_completeness", counts)
    assert row == {
        "as_of": AS_OF,
        "channel": "shop",
        "contract": "contacts",
        "field": "email",
        "family": "biographic",
        "purpose": "contact",
        "count_rows": 40,
        "count_filled": 11,
        "count_invalid": 1,
        "share_filled": Decimal("0.275000"),
        "share_valid": Decimal("0.916667"),
        "share_filled_30_days": Decimal("0.066667"),
        "share_filled_30_days_before": Decimal("0.900000"),
        "last_filled_on": day(3),
    }


def test_a_field_that_nothing_came_for_is_there_without_shares() -> None:
    (row,) = told("data_completeness", [(day(-1), "kept", "", 9)])
    assert (row["count_rows"], row["share_filled"], row["share_valid"], row["last_filled_on"]) == (
        0,
        None,
        None,
        None,
    )


def test_rows_by_the_rule_they_broke() -> None:
    counts = [
        (day(9), "fault", "required|order_id", 2),
        (day(0), "fault", "required|order_id", 1),
        (day(0), "warned", "name_is_a_name", 4),
        (day(-1), "warned", "name_is_a_name", 4),
    ]
    rows = sorted(told("row_faults", counts), key=lambda row: row["rule"])
    assert [
        (r["rule"], r["field"], r["severity"], r["count_rows"], r["count_rows_today"], r["first_on"])
        for r in rows
    ] == [
        ("name_is_a_name", "", "warn", 4, 4, day(0)),
        ("required", "order_id", "error", 3, 1, day(9)),
    ]


def test_a_day_is_compared_with_the_days_before_it() -> None:
    counts = [*usual_days(5, ("new", "", 100)), *usual_days(4, ("new", "", 140), first=6)]
    (rows,) = [r for r in told("source_drift", [*counts, (day(0), "new", "", 90)]) if r["measure"] == "rows"]
    assert (rows["value"], rows["usual"], rows["lowest"], rows["highest"], rows["count_days"]) == (
        90,
        100,
        100,
        140,
        9,
    )
    assert rows["state"] == "usual"


@pytest.mark.parametrize(
    ("today", "found"),
    [(24, {"rows": "broken"}), (40, {"rows": "unusual"}), (60, {}), (201, {"rows": "unusual"})],
)
def test_volume_against_history(today: int, found: dict[str, str]) -> None:
    assert states([*usual_days(9, ("new", "", 100)), (day(0), "new", "", today)]) == found


def test_six_days_are_no_history() -> None:
    assert states([*usual_days(6, ("new", "", 100)), (day(0), "new", "", 1)]) == {}


def test_what_an_archive_says_of_a_day_is_never_broken() -> None:
    counts = [*usual_days(9, ("new", "", 100)), (day(0), "new", "", 1)]
    assert states(counts, delivered=False) == {"rows": "unusual"}


@pytest.mark.parametrize(
    ("filled", "found"), [(0, {"filled": "broken"}), (50, {"filled": "unusual"}), (70, {})]
)
def test_completeness_against_history(filled: int, found: dict[str, str]) -> None:
    before = usual_days(9, ("kept", "", 100), ("filled", "email", 90))
    assert states([*before, (day(0), "kept", "", 100), (day(0), "filled", "email", filled)]) == found


@pytest.mark.parametrize(
    ("factor_ln", "found"), [(6.9, {"level": "broken"}), (1.4, {"level": "unusual"}), (0.5, {})]
)
def test_the_level_of_a_number_against_history(factor_ln: float, found: dict[str, str]) -> None:
    def amounts(mean_ln: float) -> tuple[tuple[str, str, int], ...]:
        return ("numbers", "amount", 50), ("logarithms", "amount", round(50 * mean_ln * 1_000_000))

    today = [(day(0), *count) for count in amounts(10 + factor_ln)]
    assert states([*usual_days(9, *amounts(10)), *today]) == found


def test_a_vocabulary_that_turned_round() -> None:
    before = usual_days(
        9, ("kept", "", 100), ("words", "status=completed", 97), ("words", "status=cancelled", 3)
    )
    assert states([*before, (day(0), "kept", "", 100), (day(0), "words", "status=cancelled", 100)]) == {
        "word": "broken"
    }


def test_more_quarantine_than_ever() -> None:
    before = usual_days(9, ("read", "", 100), ("fault", "required|order_id", 2))
    assert states([*before, (day(0), "read", "", 100), (day(0), "fault", "required|order_id", 9)]) == {
        "quarantine": "unusual"
    }


def test_a_channel_that_fell_silent() -> None:
    assert states(usual_days(9, ("new", "", 5), first=2)) == {}
    assert states(usual_days(9, ("new", "", 5), first=3)) == {"silence": "unusual"}


def test_a_share_of_fewer_than_twenty_rows_is_not_told() -> None:
    before = usual_days(9, ("kept", "", 100), ("filled", "email", 90))
    few = [(day(0), "kept", "", 19), (day(0), "filled", "email", 1)]
    assert [row["measure"] for row in told("source_drift", [*before, *few])] == ["silence"]
