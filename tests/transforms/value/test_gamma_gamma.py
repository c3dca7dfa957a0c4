"""Spend: the published Gamma-Gamma estimates, recovery, scale, and what has no place in the model."""

import json

import numpy as np
import pytest

from transforms.value.gamma_gamma import (
    SpendModel,
    correlation_of_count_and_value,
    expected_value,
    fit_spend,
    log_gradient_of_expected_value,
    spend_cells,
)
from transforms.value.newton import Prior


@pytest.fixture
def repeat_spend(cdnow):
    return spend_cells(cdnow.customers["x"], cdnow.customers["mean_repeat_value"])


def test_gamma_gamma_reproduces_note_025(repeat_spend, cdnow):
    fitted = fit_spend(repeat_spend)
    repeaters = cdnow.customers[cdnow.customers["x"] > 0]
    assert fitted.n == 946
    assert repeaters["mean_repeat_value"].mean() == pytest.approx(35.08, abs=0.005)
    assert fitted.parameters == pytest.approx((6.25, 3.74, 15.44), abs=0.005)
    assert fitted.parameters == pytest.approx((6.24957, 3.74422, 15.44352), abs=1e-5)
    assert fitted.log_likelihood == pytest.approx(-4055.9177, abs=1e-4)
    assert (fitted.se_p, fitted.se_q, fitted.se_gamma) == pytest.approx((1.190, 0.290, 4.159), abs=2e-3)
    assert fitted.converged
    assert fitted.gradient_norm < 1e-12


def test_the_mean_of_everybody_is_the_papers(repeat_spend):
    assert float(expected_value(fit_spend(repeat_spend), 0, 0)) == pytest.approx(35.17, abs=0.01)


def test_few_purchases_are_shrunk_towards_everybody(repeat_spend):
    fitted = fit_spend(repeat_spend)
    once, often = expected_value(fitted, [1, 50], [100.0, 100.0])
    assert 35 < once < often < 100


def test_binned_means_hardly_move_the_estimates(cdnow):
    binned = fit_spend(spend_cells(cdnow.customers["x"], cdnow.customers["mean_repeat_value"], binned=True))
    assert binned.parameters == pytest.approx((6.24957, 3.74422, 15.44352), rel=5e-4)


def test_known_parameters_are_recovered_within_four_standard_errors():
    rng = np.random.default_rng(5)
    count = rng.integers(1, 12, 20_000)
    mean = rng.gamma(6.0 * count) / rng.gamma(3.0, 1 / 20_000.0, 20_000) / count  # rupiah-sized
    fitted = fit_spend(spend_cells(count, mean))
    errors = np.array([fitted.se_p, fitted.se_q, fitted.se_gamma])
    assert np.abs((np.array(fitted.parameters) - (6.0, 3.0, 20_000.0)) / errors).max() < 4


def test_shuffled_rows_and_weights_give_the_same_model_bit_for_bit(cdnow, repeat_spend):
    mixed = cdnow.customers.sample(frac=1, random_state=3)
    shuffled = spend_cells(mixed["x"], mixed["mean_repeat_value"])
    columns = (repeat_spend.count, repeat_spend.mean_value)
    expanded = spend_cells(*(np.repeat(column, repeat_spend.n) for column in columns))
    assert fit_spend(shuffled) == fit_spend(repeat_spend) == fit_spend(expanded)


def test_customers_without_purchases_are_skipped_and_worthless_ones_counted():
    data = spend_cells([0, 2, 3, 1], [np.nan, 10.0, -5.0, 0.0])
    assert (data.customers, data.left_out) == (1, 2)


def test_a_missing_mean_of_a_buyer_is_refused():
    with pytest.raises(ValueError, match="mean_value has missing"):
        spend_cells([2], [np.nan])


def test_a_negative_mean_counts_as_zero_in_expectations(repeat_spend):
    fitted = fit_spend(repeat_spend)
    assert expected_value(fitted, 2, -50.0) == expected_value(fitted, 2, 0.0) > 0


def test_an_infinite_population_mean_is_held_finite():
    heavy = SpendModel("gamma_gamma", 2.0, 0.9, 10.0, None, None, None, None, 0.0, 1, 0, 0.0, True)
    assert 0 < float(expected_value(heavy, 0, 0)) < np.inf


def test_slopes_match_differences(repeat_spend):
    fitted, step = fit_spend(repeat_spend), 1e-6
    slopes = log_gradient_of_expected_value(fitted, 3, 40.0)
    for i, name in enumerate(("p", "q", "gamma")):
        moved = [
            SpendModel.from_dict({**fitted.to_dict(), name: fitted.parameters[i] * float(np.exp(s * step))})
            for s in (1, -1)
        ]
        up, down = (float(np.log(expected_value(m, 3, 40.0))) for m in moved)
        assert float(slopes[i]) == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_a_weak_prior_holds_customers_who_do_not_differ():
    rng = np.random.default_rng(2)
    count = rng.integers(1, 6, 60)
    data = spend_cells(count, rng.gamma(6.0 * count) / count)
    plain, held = fit_spend(data), fit_spend(data, prior=Prior((4.0, 4.0, 4.5)))
    assert held.converged
    assert held.q < 50 < plain.q


def test_independence_is_the_correlation_of_count_and_mean(repeat_spend, cdnow):
    buyers = cdnow.customers[cdnow.customers["x"] > 0]
    expected = np.corrcoef(buyers["x"], buyers["mean_repeat_value"])[0, 1]
    assert correlation_of_count_and_value(repeat_spend) == pytest.approx(expected, abs=1e-12)
    assert correlation_of_count_and_value(spend_cells([1, 1], [5.0, 9.0])) is None
    assert correlation_of_count_and_value(spend_cells([], [])) is None


def test_json_keeps_every_bit(repeat_spend):
    fitted = fit_spend(repeat_spend)
    assert SpendModel.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False))) == fitted


def test_nobody_cannot_be_fitted():
    with pytest.raises(ValueError, match="no customers"):
        fit_spend(spend_cells([], []))
