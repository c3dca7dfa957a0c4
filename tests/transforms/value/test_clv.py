"""Lifetime value: the point is the product of its parts, the interval covers what customers really bring."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.value import predict
from transforms.value.cells import cells
from transforms.value.clv import COLUMNS, COVERAGE, customer_value, value_lookup
from transforms.value.expectation import expected_if_alive
from transforms.value.fallback import pooled_mean, pooled_rate, purchase_model, spend_model
from transforms.value.gamma_gamma import expected_value, spend_cells

SPEND = (6.25, 3.74, 15.44)


@pytest.fixture(scope="module")
def fitted(cdnow):
    customers = cdnow.customers.assign(
        spend_count=cdnow.customers["x"], mean_value=cdnow.customers["mean_repeat_value"]
    )
    amounts = spend_cells(customers["spend_count"], customers["mean_value"])
    return customers, purchase_model(cdnow.cells)[0], spend_model(amounts)[0]


@pytest.fixture(scope="module")
def pareto(cdnow):
    return purchase_model(cdnow.cells, "pareto_nbd")[0]


def test_under_pareto_nbd_values_and_intervals_are_much_like_those_of_the_other_models(fitted, pareto):
    customers, purchase, spend = fitted
    usual, other = (customer_value(customers, m, spend, 365, 0.1) for m in (purchase, pareto))
    assert other["clv"].sum() == pytest.approx(usual["clv"].sum(), rel=0.1)
    assert np.corrcoef(other["clv"], usual["clv"])[0, 1] > 0.98
    width = (other["clv_high"] - other["clv_low"]).sum() / (usual["clv_high"] - usual["clv_low"]).sum()
    assert width == pytest.approx(1.0, abs=0.15)


def test_the_point_is_alive_times_discounted_purchases_times_margin(fitted):
    customers, purchase, spend = fitted
    found = customer_value(customers, purchase, spend, 365, 0.10, margin_rate=0.3)
    history = (customers["x"], customers["t_x_days"], customers["T_days"])
    margin = 0.3 * expected_value(spend, customers["spend_count"], customers["mean_value"])
    discounted = predict.discounted_if_alive(purchase, customers["x"], customers["T_days"], 365, 0.10)
    assert found["expected_margin_per_purchase"].to_numpy() == pytest.approx(margin)
    assert found["p_alive"].to_numpy() == pytest.approx(predict.p_alive(purchase, *history))
    assert found["clv"].to_numpy() == pytest.approx(predict.p_alive(purchase, *history) * discounted * margin)
    assert found["expected_purchases"].to_numpy() == pytest.approx(
        predict.expected_purchases(purchase, *history, 365)
    )
    assert found["p_no_purchase"].to_numpy() == pytest.approx(predict.p_no_purchase(purchase, *history, 365))


@pytest.mark.parametrize(
    ("truth", "observed_days", "horizon_days", "leaves_at_once"),
    [
        ((0.525, 6.183, 0.891, 1.614), (180, 720), 365, True),
        ((0.243, 4.414, 0.793, 2.426), (180, 720), 365, False),
        ((1.5, 8.0, 0.6, 4.0), (90, 720), 365, True),
        ((3.0, 6.0, 0.5, 12.0), (30, 720), 180, True),
        ((3.0, 6.0, 0.5, 12.0), (30, 720), 30, True),
    ],
)
def test_the_interval_covers_four_in_five(simulate, truth, observed_days, horizon_days, leaves_at_once):
    """Judged where the chance of no purchase leaves room for it: below 80 %. Else 0 alone covers more."""
    made = simulate(
        np.random.default_rng(1), 10_000, *truth, observed_days, horizon_days, leaves_at_once, SPEND
    ).assign(spend_count=lambda table: table["x"])
    kind = "mbg_nbd" if leaves_at_once else "bg_nbd"
    purchase, _ = purchase_model(cells(made["x"], made["t_x_days"], made["T_days"]), kind)
    spend, _ = spend_model(spend_cells(made["spend_count"], made["mean_value"]))
    found = customer_value(made, purchase, spend, horizon_days, 0.0)
    covered = made["future_value"].between(found["clv_low"], found["clv_high"])
    assert abs(covered[found["p_no_purchase"] < COVERAGE].mean() - COVERAGE) < 0.06
    assert covered.mean() > COVERAGE - 0.06


def test_the_interval_is_wider_where_parameters_are_less_certain(fitted):
    customers, purchase, spend = fitted
    vague = type(purchase).from_dict(
        {**purchase.to_dict(), "covariance": [[100 * v for v in row] for row in purchase.covariance]}
    )
    sure, unsure = (customer_value(customers, m, spend, 365, 0.1) for m in (purchase, vague))
    assert unsure["clv"].equals(sure["clv"])
    often = customers["x"] > 5
    wide, narrow = (found["clv_high"] - found["clv_low"] for found in (unsure, sure))
    assert wide[often].sum() > narrow[often].sum()


def test_slopes_of_the_lookup_match_wide_differences(fitted):
    _, purchase, _ = fitted
    lookup = value_lookup(purchase, [2], [200], 365, 0.1)
    step = 1e-3
    for i, name in enumerate(("slope_r", "slope_alpha", "slope_a", "slope_b")):
        values = []
        for sign in (1, -1):
            moved = list(purchase.parameters)
            moved[i] *= float(np.exp(sign * step))
            values.append(float(np.log(expected_if_alive(purchase.with_parameters(*moved), 2, 200, 365))))
        assert lookup[name].iloc[0] == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-4, abs=1e-6)


def test_rows_keep_their_order_and_index_and_do_not_influence_each_other(fitted):
    customers, purchase, spend = fitted
    found = customer_value(customers, purchase, spend, 365, 0.1)
    mixed = customers.sample(frac=1, random_state=8)
    pd.testing.assert_frame_equal(
        customer_value(mixed, purchase, spend, 365, 0.1), found.loc[mixed.index], check_exact=True
    )


def test_nobody_has_no_value(fitted):
    customers, purchase, spend = fitted
    found = customer_value(customers.iloc[:0], purchase, spend, 365, 0.1)
    assert (len(found), tuple(found.columns)) == (0, COLUMNS)


def test_margins_may_differ_by_customer_and_losses_count_as_zero(fitted):
    customers, purchase, spend = fitted
    found = customer_value(customers.iloc[:2], purchase, spend, 365, 0.1, margin_rate=[0.5, -0.1])
    assert found["clv"].iloc[0] > 0
    assert found[["clv", "clv_low", "clv_high"]].iloc[1].tolist() == [0, 0, 0]


def test_a_buyer_without_a_mean_is_refused(fitted):
    customers, purchase, spend = fitted
    with pytest.raises(ValueError, match="mean_value has missing"):
        customer_value(customers.assign(spend_count=1, mean_value=np.nan), purchase, spend, 365, 0.1)


CUSTOMERS = st.lists(
    st.tuples(
        st.integers(0, 6000),
        st.integers(1, 4000),
        st.integers(0, 4000),
        st.integers(0, 100),
        st.floats(-10, 1e9),
    ),
    max_size=20,
)


@pytest.mark.filterwarnings("error")
@settings(max_examples=100, deadline=None)
@given(CUSTOMERS, st.sampled_from([1, 30, 365, 3650]), st.sampled_from(["fit", "pareto", "fallback"]))
def test_any_customer_has_a_value_inside_its_interval(fitted, pareto, made, horizon_days, which):
    rows = [(x, t_x if x else 0, (t_x if x else 0) + silent, k, m) for x, t_x, silent, k, m in made]
    frame = pd.DataFrame(rows, columns=["x", "t_x_days", "T_days", "spend_count", "mean_value"])
    _, purchase, spend = fitted
    if which == "pareto":
        purchase = pareto
    if which == "fallback":
        purchase = pooled_rate(cells(frame["x"], frame["t_x_days"], frame["T_days"]))
        spend = pooled_mean(spend_cells(frame["spend_count"], frame["mean_value"]))
    found = customer_value(frame, purchase, spend, horizon_days, 0.1)
    assert np.isfinite(found.to_numpy()).all()
    assert (found >= 0).all(axis=None)
    assert (found["clv_low"] <= found["clv"]).all()
    assert (found["clv"] <= found["clv_high"]).all()
    assert (found[["p_alive", "p_no_purchase"]] <= 1).all(axis=None)
