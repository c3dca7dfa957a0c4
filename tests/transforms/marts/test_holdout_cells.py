"""Hold-out cells: what was known at a cut-off, and what came in the days after it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.transforms.marts.company import Company, Row, day, file, line

CELLS = ("x", "t_x_days", "T_days", "y", "y_year_before", "next_days", "n")


def cells(
    lines: Iterable[Row], cutoff: str, horizon_days: int, sample_step: int = 1
) -> list[tuple[object, ...]]:
    company = Company().sells(file(*lines))
    company.put(
        "holdout", [{"cutoff": day(cutoff), "horizon_days": horizon_days, "sample_step": sample_step}]
    )
    return company.table("holdout_cells", *CELLS)


def bought(customer: str, *days: str) -> list[Row]:
    return [line(f"{customer}-{on}", on, "10", customer) for on in days]


def test_history_ends_with_the_cutoff_and_the_outcome_begins_the_day_after() -> None:
    assert cells(bought("C1", "01-01", "01-11", "01-21", "01-22"), "01-21", 30) == [(2, 20, 20, 1, 0, 1, 1)]


def test_the_outcome_ends_with_the_horizon() -> None:
    assert cells(bought("C1", "01-01", "01-31", "02-01"), "01-01", 30) == [(0, 0, 0, 1, 0, 30, 1)]


def test_without_a_purchase_in_the_horizon_there_is_no_next_day() -> None:
    assert cells(bought("C1", "01-01", "03-01"), "01-21", 30) == [(0, 0, 20, 0, 0, None, 1)]


def test_who_first_bought_after_the_cutoff_was_not_there_yet() -> None:
    assert cells(bought("C1", "02-01"), "01-21", 30) == []


def test_alike_histories_are_counted_together() -> None:
    lines = [*bought("C1", "01-01", "01-25"), *bought("C2", "01-01", "01-25"), *bought("C3", "01-01")]
    assert cells(lines, "01-21", 30) == [(0, 0, 20, 0, 0, None, 1), (0, 0, 20, 1, 0, 4, 2)]


def test_the_same_days_a_year_earlier_are_365_days_before() -> None:
    """The cut-off 21 January 2024 and the 30 days after it are 21 January 2023 and the 30 days after that."""
    lines = bought("C1", "2023-01-21", "2023-01-22", "2023-02-20", "2023-02-21")
    assert cells(lines, "01-21", 30) == [(3, 31, 365, 0, 2, None, 1)]


@pytest.mark.parametrize(("step", "customers"), [(1, 6), (2, 3), (3, 2)])
def test_of_many_customers_every_so_manieth_number_is_looked_at(step: int, customers: int) -> None:
    lines = [row for number in range(1, 7) for row in bought(f"C{number}", "01-01")]
    assert [row[-1] for row in cells(lines, "01-21", 30, step)] == [customers]
