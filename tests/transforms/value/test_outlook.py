"""Revenue outlook: sums of what the models say, newcomers by the day, an interval that holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.value.cells import cells, cells_from_frame
from transforms.value.fallback import pooled_mean, pooled_rate, purchase_model, spend_model
from transforms.value.gamma_gamma import expected_value, spend_cells
from transforms.value.outlook import COLUMNS, Acquisition, revenue_outlook
from transforms.value.predict import expected_of_newcomer, expected_purchases

TRUTH = (0.9, 9.0, 0.8, 3.0)
SPEND = (6.25, 3.74, 15.44)
NOBODY = Acquisition(0, 0, 0.0)


def histories(made: pd.DataFrame) -> pd.DataFrame:
    """Customers as cells with what their repeats brought."""
    spent = made.assign(n=1, repeat_revenue=made["x"] * made["mean_value"].fillna(0.0))
    return spent.groupby(["x", "t_x_days", "T_days"], as_index=False)[["n", "repeat_revenue"]].sum()


@pytest.fixture(scope="module")
def made(simulate):
    return simulate(np.random.default_rng(7), 8_000, *TRUTH, (60, 720), 90, True, SPEND)


@pytest.fixture(scope="module")
def models(made):
    purchase, _ = purchase_model(cells(made["x"], made["t_x_days"], made["T_days"]))
    return purchase, spend_model(spend_cells(made["x"], made["mean_value"]))[0]


def test_the_months_of_known_customers_are_those_of_the_models(made, models):
    purchase, spend = models
    found = revenue_outlook(histories(made), NOBODY, purchase, spend, [31, 59, 90])
    history = (made["x"], made["t_x_days"], made["T_days"])
    by_day = [0, *(expected_purchases(purchase, *history, day) for day in (31, 59, 90))]
    value = expected_value(spend, made["x"], made["mean_value"])
    for month in range(3):
        orders = by_day[month + 1] - by_day[month]
        assert found["repeat_orders"][month] == pytest.approx(orders.sum())
        assert found["repeat_revenue"][month] == pytest.approx((orders * value).sum())
    assert found[["new_customers", "new_orders", "new_revenue"]].sum().sum() == 0


def test_what_was_simulated_lies_in_the_interval(made, models):
    found = revenue_outlook(histories(made), NOBODY, *models, [90])
    assert found["revenue_low"][0] < made["future_value"].sum() < found["revenue_high"][0]
    assert found["revenue_high"][0] < 1.2 * found["revenue_low"][0]


def test_how_far_it_was_off_before_widens_the_interval_and_moves_nothing(made, models):
    sure, unsure = (revenue_outlook(histories(made), NOBODY, *models, [90], error) for error in (0.0, 0.2))
    assert (unsure["repeat_revenue"] == sure["repeat_revenue"]).all()
    expected = unsure["repeat_revenue"][0]
    assert expected - unsure["revenue_low"][0] == pytest.approx(0.2 * 1.2816 * expected, rel=0.1)
    assert unsure["revenue_high"][0] - expected == pytest.approx(0.2 * 1.2816 * expected, rel=0.15)


def test_newcomers_buy_once_and_then_as_newcomers_do(models):
    purchase, spend = models
    nobody = histories(pd.DataFrame(columns=["x", "t_x_days", "T_days", "mean_value"], dtype="int64"))
    found = revenue_outlook(nobody, Acquisition(60, 30, 3_000.0), purchase, spend, [10, 25])
    assert found["new_customers"].tolist() == [20, 30]
    repeats = [
        sum(2 * float(expected_of_newcomer(purchase, day - on)) for on in range(1, day + 1))
        for day in (10, 25)
    ]
    assert found["new_orders"].tolist() == pytest.approx([20 + repeats[0], 30 + repeats[1] - repeats[0]])
    everybody = float(expected_value(spend, 0, 0.0))
    assert found["new_revenue"][0] == pytest.approx(20 * 50.0 + repeats[0] * everybody)


def test_months_add_up_to_the_whole_and_rows_may_come_in_any_order(made, models):
    cells_of = histories(made)
    came = Acquisition(100, 90, 4_000.0)
    parts = revenue_outlook(cells_of, came, *models, [30, 60, 90])
    whole = revenue_outlook(cells_of.sample(frac=1, random_state=3), came, *models, [90])
    for name in COLUMNS[:-2]:
        assert parts[name].sum() == pytest.approx(whole[name][0], rel=1e-9)
    again = revenue_outlook(cells_of.sample(frac=1, random_state=5), came, *models, [90])
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


def test_the_interval_grows_with_what_is_unknown(made, models):
    purchase, spend = models
    vague = type(purchase).from_dict(
        {**purchase.to_dict(), "covariance": [[50 * v for v in row] for row in purchase.covariance]}
    )

    def width(model, came):
        found = revenue_outlook(histories(made), came, model, spend, [90])
        return float(found["revenue_high"][0] - found["revenue_low"][0])

    assert width(vague, NOBODY) > 1.5 * width(purchase, NOBODY)
    few, many = Acquisition(9, 9, 900.0), Acquisition(900, 900, 90_000.0)
    assert width(purchase, few) > width(purchase, many)


def test_without_customers_nothing_is_expected():
    nothing = pd.DataFrame(columns=["x", "t_x_days", "T_days", "n", "repeat_revenue"], dtype="int64")
    purchase, spend = pooled_rate(cells_from_frame(nothing)), pooled_mean(spend_cells([], []))
    found = revenue_outlook(nothing, NOBODY, purchase, spend, [30])
    assert found.iloc[0].tolist() == [0.0] * len(COLUMNS)
