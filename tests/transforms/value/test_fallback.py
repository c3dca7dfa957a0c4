"""Small data: a model always exists, says its name, and gives every output in range."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.value import predict
from transforms.value.cells import cells
from transforms.value.fallback import is_sound, pooled_rate, purchase_model, spend_model
from transforms.value.gamma_gamma import expected_value, spend_cells
from transforms.value.holdout import evaluate_holdout
from transforms.value.purchase_model import PurchaseModel


def test_enough_customers_get_the_plain_fit_without_a_remark(cdnow):
    model, why = purchase_model(cdnow.cells)
    assert (model.kind, model.converged, why) == ("mbg_nbd", True, "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (cells([], [], []), "0 customers"),
        (cells([0], [0], [0]), "1 customers"),
        (cells([3], [50], [90], [99]), "99 customers"),
        (cells([0], [0], [300], [5000]), "0 repeat customers"),
        (cells([0, 1], [0, 9], [300, 300], [500, 29]), "29 repeat customers"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_too_few_get_the_pooled_rate_and_the_reason(data, why):
    model, reason = purchase_model(data)
    assert model.kind == "fallback_pooled_rate"
    assert reason.startswith(why)
    assert not model.converged
    assert 0 < float(predict.expected_purchases(model, 0, 0, 0, 365)) < 365
    assert PurchaseModel.from_dict(json.loads(json.dumps(model.to_dict(), allow_nan=False))) == model


def test_a_fit_without_a_peak_is_held_by_a_prior_or_replaced():
    data = cells([3, 4, 5, 3], [300, 310, 320, 330], [330, 330, 330, 335], [50, 50, 50, 50])
    model, why = purchase_model(data)
    assert "no clear peak" in why
    assert model.kind == "fallback_pooled_rate" or is_sound(model.converged, model.covariance)


def test_the_pooled_rate_forecasts_cdnow_about_as_well_as_the_fit(cdnow):
    table = cdnow.customers
    found = {
        m.metric: m
        for m in evaluate_holdout(
            pooled_rate(cdnow.cells), table["x"], table["t_x_days"], table["T_days"], table["y"], 273
        )
    }
    assert abs(found["bias"].value) < 0.2
    assert found["mae"].value < 0.8 < found["mae"].baseline


def test_longer_silence_lowers_and_more_purchases_raise_the_expectation(cdnow):
    model = pooled_rate(cdnow.cells)
    recent, silent = predict.expected_purchases(model, 3, [250, 50], 260, 90)
    few, many = predict.expected_purchases(model, [1, 8], 250, 260, 90)
    assert recent > silent
    assert many > few


def test_amounts_of_too_few_customers_get_the_pooled_mean():
    model, why = spend_model(spend_cells([1, 3], [10.0, 30.0]))
    assert model.kind == "fallback_pooled_mean"
    assert why == "2 customers with an amount, 30 are needed for a fit"
    assert float(expected_value(model, 0, 0)) == pytest.approx(25.0)


def test_without_any_amount_the_expected_one_is_about_nothing():
    assert 0 < float(expected_value(spend_model(spend_cells([], []))[0], 0, 0)) < 1e-6


def test_amounts_that_are_all_alike_still_give_a_model():
    model, why = spend_model(spend_cells([1, 2, 3] * 20, [10.0] * 60))
    assert why
    assert float(expected_value(model, 2, 10.0)) == pytest.approx(10.0, rel=0.05)


@pytest.mark.filterwarnings("error")
@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(1, 3000), st.integers(0, 3000), st.integers(1, 99)),
        max_size=15,
    ),
    st.sampled_from([1, 30, 365]),
)
def test_every_output_of_the_pooled_rate_exists_and_lies_in_range(histories, h):
    rows = [(x, t_x if x else 0, (t_x if x else 0) + silent, n) for x, t_x, silent, n in histories]
    data = cells(*(zip(*rows, strict=True) if rows else ([], [], [])))
    model = pooled_rate(data)
    history = (np.append(data.x, 0), np.append(data.t_x_days, 0), np.append(data.T_days, 0))
    alive = predict.p_alive(model, *history)
    churn = predict.p_no_purchase(model, *history, h)
    expected = predict.expected_purchases(model, *history, h)
    assert ((alive >= 0) & (alive <= 1) & (churn >= 0) & (churn <= 1)).all()
    assert (np.isfinite(expected) & (expected >= 0)).all()
    assert (predict.next_purchase_days(model, *history)[alive > 0.5] >= 0).all()
