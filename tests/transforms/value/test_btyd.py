"""Purchase models: the published estimates, recovery of known parameters, independence of row order."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.value.btyd import fit_purchases, log_likelihood_at
from transforms.value.cells import cells
from transforms.value.newton import Prior
from transforms.value.purchase_model import PurchaseModel


def test_bg_nbd_reproduces_fader_hardie_lee_2005(cdnow):
    fitted = fit_purchases(cdnow.cells, "bg_nbd")
    assert fitted.n == 2357
    assert fitted.parameters == pytest.approx((0.242595, 4.413602, 0.792922, 2.425907), abs=2e-6)
    assert fitted.log_likelihood == pytest.approx(-9582.4292, abs=1e-4)
    errors = (fitted.se_r, fitted.se_alpha, fitted.se_a, fitted.se_b)
    assert errors == pytest.approx((0.0126, 0.378, 0.186, 0.705), rel=5e-3)
    assert fitted.converged
    assert fitted.gradient_norm < 1e-12
    assert fitted.evaluations <= 8


def test_mbg_nbd_reproduces_the_btydplus_estimates(cdnow):
    fitted = fit_purchases(cdnow.cells, "mbg_nbd")
    assert fitted.parameters == pytest.approx((0.524843, 6.183085, 0.891359, 1.614002), abs=2e-6)
    assert fitted.log_likelihood == pytest.approx(-9582.1357, abs=1e-4)
    errors = (fitted.se_r, fitted.se_alpha, fitted.se_a, fitted.se_b)
    assert errors == pytest.approx((0.083, 0.696, 0.155, 0.538), rel=5e-3)
    assert fitted.converged


def test_a_warm_start_arrives_at_the_same_place_in_fewer_evaluations(cdnow):
    cold = fit_purchases(cdnow.cells)
    yesterday = cold.with_parameters(*(1.02 * value for value in cold.parameters))
    warm = fit_purchases(cdnow.cells, start=yesterday)
    assert warm.evaluations < cold.evaluations
    assert warm.parameters == pytest.approx(cold.parameters, rel=1e-9)


def test_many_histories_begin_near_the_peak_and_end_at_the_same_one(simulate):
    """Two thousand days of purchases spread over so many days that hardly a history comes twice."""
    made = simulate(np.random.default_rng(9), 120_000, 2.0, 60.0, 0.9, 6.0, (2000, 9000))
    data = cells(made["x"], made["t_x_days"], made["T_days"])
    assert len(data) > 50_000
    found = fit_purchases(data, "mbg_nbd")
    far = fit_purchases(data, "mbg_nbd", start=found.with_parameters(0.5, 5.0, 1.0, 3.0))
    assert found.parameters == pytest.approx(far.parameters, rel=1e-9)
    assert found.log_likelihood == pytest.approx(far.log_likelihood, rel=1e-13)
    assert found.evaluations < far.evaluations


@pytest.mark.parametrize("kind", ["bg_nbd", "mbg_nbd"])
def test_known_parameters_are_recovered_within_four_standard_errors(simulate, kind):
    truth = (0.8, 60.0, 0.9, 2.5)  # slow enough for whole days not to matter
    made = simulate(np.random.default_rng(7), 20_000, *truth, (1000, 7000), leaves_at_once=kind == "mbg_nbd")
    fitted = fit_purchases(cells(made["x"], made["t_x_days"], made["T_days"]), kind)
    errors = np.array([fitted.se_r, fitted.se_alpha, fitted.se_a, fitted.se_b])
    assert np.abs((np.array(fitted.parameters) - truth) / errors).max() < 4


def test_derivatives_match_differences(cdnow):
    from transforms.value.btyd import _log_likelihood, _Tables

    for m in (0, 1):
        tables, theta, step = _Tables.of(cdnow.cells, m), np.log([0.4, 5.0, 0.7, 2.0]), 1e-5
        _, gradient, hessian = _log_likelihood(tables, theta)
        for i in range(4):
            up, down = (_log_likelihood(tables, theta + s * step * np.eye(4)[i]) for s in (1, -1))
            assert gradient[i] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-3)
            assert hessian[i] == pytest.approx((up[1] - down[1]) / (2 * step), rel=1e-5, abs=1e-3)


def test_shuffled_rows_give_the_same_model_bit_for_bit(cdnow):
    mixed = cdnow.customers.sample(frac=1, random_state=3)
    shuffled = cells(mixed["x"], mixed["t_x_days"], mixed["T_days"])
    assert fit_purchases(shuffled) == fit_purchases(cdnow.cells)


def test_weights_equal_repeated_rows_bit_for_bit(cdnow):
    data = cdnow.cells
    expanded = cells(*(np.repeat(column, data.n) for column in (data.x, data.t_x_days, data.T_days)))
    assert fit_purchases(expanded) == fit_purchases(data)


def test_json_keeps_every_bit(cdnow):
    fitted = fit_purchases(cdnow.cells)
    assert PurchaseModel.from_dict(json.loads(json.dumps(fitted.to_dict(), allow_nan=False))) == fitted


def test_a_record_with_a_missing_or_unknown_key_is_refused(cdnow):
    record = fit_purchases(cdnow.cells).to_dict()
    del record["alpha"]
    with pytest.raises(ValueError, match=r"missing \['alpha'\], unknown \['beta'\]"):
        PurchaseModel.from_dict({**record, "beta": 1.0})


def test_only_one_time_buyers_have_no_peak_and_the_fit_says_so():
    fitted = fit_purchases(cells([0] * 50, [0] * 50, range(50)))
    assert not fitted.converged


def test_a_weak_prior_holds_a_fit_that_has_no_peak():
    data = cells([3, 4, 5, 3], [300, 310, 320, 330], [330, 330, 330, 335], [10, 10, 10, 10])
    plain = fit_purchases(data)
    held = fit_purchases(data, prior=Prior((0.5, 6.0, 0.9, 1.6)))
    assert held.converged
    assert held.log_likelihood <= max(plain.log_likelihood, held.log_likelihood)
    assert max(held.parameters) < 1e3


def test_the_reported_likelihood_leaves_the_prior_out(cdnow):
    held = fit_purchases(cdnow.cells, prior=Prior((1.0, 10.0, 1.0, 2.0)))
    assert held.log_likelihood == pytest.approx(log_likelihood_at(held, cdnow.cells), abs=1e-9)
    assert held.log_likelihood < fit_purchases(cdnow.cells).log_likelihood


def test_a_customer_of_today_adds_nothing(cdnow):
    fitted, data = fit_purchases(cdnow.cells), cdnow.cells
    more = cells(*(np.append(c, 0) for c in (data.x, data.t_x_days, data.T_days)), np.append(data.n, 5))
    assert log_likelihood_at(fitted, more) == pytest.approx(fitted.log_likelihood, abs=1e-9)


def test_no_customers_cannot_be_fitted():
    with pytest.raises(ValueError, match="no customers"):
        fit_purchases(cells([], [], []))


def test_the_fallback_cannot_be_fitted(cdnow):
    with pytest.raises(ValueError, match="choose mbg_nbd, bg_nbd, pareto_nbd"):
        fit_purchases(cdnow.cells, "fallback_pooled_rate")


HISTORIES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 400), st.integers(0, 400), st.integers(1, 50)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(HISTORIES, st.sampled_from(["bg_nbd", "mbg_nbd"]), st.randoms())
def test_any_histories_fit_without_exception_and_in_any_order(histories, kind, random):
    rows = [(x, t_x if x else 0, (t_x if x else 0) + silent, n) for x, t_x, silent, n in histories]
    fitted = fit_purchases(cells(*zip(*rows, strict=True)), kind)
    random.shuffle(rows)
    assert fit_purchases(cells(*zip(*rows, strict=True)), kind) == fitted
    assert np.isfinite(fitted.log_likelihood)
    json.dumps(fitted.to_dict(), allow_nan=False)
