"""Cells: equal histories are added up, order is forgotten, impossible histories are refused."""

import numpy as np
import pandas as pd
import pytest

from transforms.value.cells import cells, cells_from_frame, places


def test_equal_histories_become_one_cell_and_rows_are_sorted():
    found = cells(x=[2, 0, 2], t_x_days=[30, 0, 30], T_days=[90, 10, 90])
    assert found.x.tolist() == [0, 2]
    assert found.n.tolist() == [1, 2]
    assert (found.customers, found.repeat_customers, len(found)) == (3, 2, 2)


def test_counts_are_added_not_counted():
    frame = pd.DataFrame({"x": [1, 1], "t_x_days": [5, 5], "T_days": [9, 9], "n": [3, 4]})
    assert cells_from_frame(frame).n.tolist() == [7]


def test_customers_one_by_one_or_already_counted_make_the_same_cells():
    rng = np.random.default_rng(5)
    x, T = rng.integers(0, 4, 500), rng.integers(10, 14, 500)
    t_x = np.where(x > 0, rng.integers(1, 10, 500), 0)
    single, counted = cells(x, t_x, T), cells(x, t_x, T, np.ones(500, dtype=int))
    for name in ("x", "t_x_days", "T_days", "n"):
        assert (getattr(single, name) == getattr(counted, name)).all()


def test_no_customers_are_no_cells():
    assert len(cells([], [], [])) == 0


@pytest.mark.parametrize(
    ("x", "t_x_days", "T_days", "why"),
    [
        (1, 50, 40, "after the end of observation"),
        (0, 5, 40, "no repeat purchase"),
        (1, 0, 40, "collapse purchases of one day"),
        (-1, 0, 40, "must not be negative"),
        (1.5, 5, 40, "whole numbers"),
        (np.nan, 5, 40, "missing"),
    ],
)
def test_impossible_histories_are_refused_with_their_reason(x, t_x_days, T_days, why):
    with pytest.raises(ValueError, match=why):
        cells([x], [t_x_days], [T_days])


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="t_x_days, T_days"):
        cells_from_frame(pd.DataFrame({"x": [1]}))


def test_a_cell_without_customers_is_refused():
    with pytest.raises(ValueError, match="n must be at least 1"):
        cells([1], [5], [9], [0])


def test_histories_too_long_to_pack_into_one_number_are_sorted_all_the_same():
    days = 2**40
    found = cells([2, 1, 2], [days, 5, days], [days, days, days])
    assert (found.x.tolist(), found.t_x_days.tolist(), found.n.tolist()) == ([1, 2], [5, days], [1, 2])


@pytest.mark.parametrize("most", [0, 10_000_000])
def test_places_are_those_of_sorted_distinct_values(most):
    values = np.array([7, 0, 3, 3, 7])
    distinct, place = places(values, most)
    assert distinct.tolist() == [0, 3, 7]
    assert place.tolist() == [2, 0, 1, 1, 2]


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        cells([1], [1], [2], [1, 1])
