"""Sums of lifetime values: outcomes even out between customers, what is unknown of the parameters does not."""

import numpy as np
import pandas as pd
import pytest

from transforms.value.cells import cells
from transforms.value.clv import COVERAGE, SUM_TERMS, customer_value, sum_interval, sum_terms
from transforms.value.fallback import purchase_model, spend_model
from transforms.value.gamma_gamma import SpendModel, spend_cells
from transforms.value.purchase_model import PurchaseModel

TRUTH = (0.525, 6.183, 0.891, 1.614)
SPEND = (6.25, 3.74, 15.44)
GROUP = 40


@pytest.fixture(scope="module")
def made(simulate):
    found = simulate(np.random.default_rng(4), 20_000, *TRUTH, (180, 720), 365, True, SPEND)
    return found.assign(spend_count=found["x"])


@pytest.fixture(scope="module")
def fitted(made):
    purchase, _ = purchase_model(cells(made["x"], made["t_x_days"], made["T_days"]))
    return purchase, spend_model(spend_cells(made["spend_count"], made["mean_value"]))[0]


def known_to(model, factor):
    """The model with its parameters' variances multiplied."""
    record = model.to_dict()
    record["covariance"] = [[factor * value for value in row] for row in record["covariance"]]
    return (SpendModel if "p" in record else PurchaseModel).from_dict(record)


def groups(made, models, size):
    group = np.arange(len(made)) // size
    terms = sum_terms(made, *models, 365, 0.0).groupby(group).sum()
    clv = customer_value(made, *models, 365, 0.0)["clv"].groupby(group).sum()
    low, high = sum_interval(terms, clv, *models)
    return clv, low, high, made["future_value"].groupby(group).sum()


def test_four_in_five_groups_bring_what_lies_in_their_interval(made, fitted):
    clv, low, high, brought = groups(made, fitted, GROUP)
    assert ((low <= clv) & (clv <= high)).all()
    assert abs(brought.between(low, high).mean() - COVERAGE) < 0.05
    assert abs((brought < low).mean() - 0.1) < 0.04


def test_the_interval_of_a_sum_is_much_narrower_than_the_sum_of_intervals(made, fitted):
    found = customer_value(made, *fitted, 365, 0.0)
    _, low, high, _ = groups(made, fitted, len(made))
    width = (found["clv_high"] - found["clv_low"]).sum()
    assert (high - low)[0] < 0.1 * width


def test_outcomes_even_out_and_parameters_do_not(made, fitted):
    """Fifty groups as one: where parameters are sure the width falls by seven, where they are not it stays."""
    width = {}
    for factor in (0.0, 400.0):
        models = tuple(known_to(model, factor) for model in fitted)
        for size in (400, 20_000):
            clv, low, high, _ = groups(made, models, size)
            width[factor, size] = float(((high - low) / clv).mean())
    assert width[0.0, 400] == pytest.approx(width[0.0, 20_000] * 50**0.5, rel=0.1)
    assert width[400.0, 20_000] > 0.6 * width[400.0, 400]


def test_derivatives_are_those_of_the_value(made, fitted):
    purchase, spend = fitted
    rows = made[made["x"] > 1].head(20)
    terms = sum_terms(rows, purchase, spend, 365, 0.0)
    step = 1e-4
    for i, name in enumerate(SUM_TERMS[1:5]):
        values = []
        for sign in (1, -1):
            moved = list(purchase.parameters)
            moved[i] *= float(np.exp(sign * step))
            values.append(customer_value(rows, purchase.with_parameters(*moved), spend, 365, 0.0)["clv"])
        assert terms[name].to_numpy() == pytest.approx(
            ((values[0] - values[1]) / (2 * step)).to_numpy(), rel=1e-3
        )


def test_a_group_without_value_has_none_at_either_end(fitted):
    terms = pd.DataFrame([dict.fromkeys(SUM_TERMS, 0.0)])
    assert [float(v[0]) for v in sum_interval(terms, [0.0], *fitted)] == [0.0, 0.0]
