"""Predictions: published tables, references by other means, extremes, invariants."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from transforms.value import predict
from transforms.value.btyd import fit_purchases
from transforms.value.expectation import expected_if_alive, second_moment_if_alive

PARAMETERS = [
    ("bg_nbd", 0.2425945, 4.4136019, 0.7929199, 2.4258881),
    ("mbg_nbd", 0.525, 6.183, 0.891, 1.614),
    ("mbg_nbd", 0.5, 5.0, 1.0, 2.0),
    ("bg_nbd", 2.0, 10.0, 1.0, 0.3),
    ("mbg_nbd", 3.0, 20.0, 0.05, 0.3),
    ("bg_nbd", 0.2, 1.0, 0.1, 0.2),
    ("mbg_nbd", 2.0, 10.0, 5.0, 60.0),
]


def test_expected_purchases_of_a_newcomer_match_hardies_table(cdnow):
    fitted = fit_purchases(cdnow.cells, "bg_nbd")
    found = predict.expected_of_newcomer(fitted, [1, 7, 21, 223, 224, 546])
    assert found == pytest.approx([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576], abs=4e-4)
    assert found == pytest.approx([0.00782, 0.05318, 0.15063, 1.04049, 1.04373, 1.85796], abs=1e-5)


def test_conditional_expectation_matches_hardies_example(cdnow):
    fitted = fit_purchases(cdnow.cells, "bg_nbd")
    assert predict.expected_purchases(fitted, 2, 213, 272, 273) == pytest.approx(1.226, abs=5e-4)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("x", [0, 1, 7, 150, 5000])
@pytest.mark.parametrize("T_days", [0, 1, 273, 3650])
@pytest.mark.parametrize("horizon_days", [1, 90, 1095])
def test_expectation_given_alive_matches_numeric_integration(model, parameters, x, T_days, horizon_days):
    """E over p ~ beta(a, b') of (1 - (1 + p tau)^-(r+x)) / p, in logit(p) where the integrand is smooth."""
    made = model(*parameters)
    b = made.b + made.leaves_at_once + x
    k, tau = made.r + x, (horizon_days / 7) / (made.alpha + T_days / 7)

    def integrand(v):
        p = special.expit(v)
        ln_weight = made.a * special.log_expit(v) + b * special.log_expit(-v) - special.betaln(made.a, b)
        return np.exp(ln_weight) * -np.expm1(-k * np.log1p(p * tau)) / p

    # the left tail is k tau e^(a v) / B(a, b) and slow for small a: add it in closed form
    left = -60.0
    tail = np.exp(made.a * left - special.betaln(made.a, b)) * k * tau / made.a
    pieces = np.linspace(left, 200.0, 131)
    expected = tail + sum(
        integrate.quad(integrand, lo, hi, epsabs=0, epsrel=1e-11)[0] if integrand((lo + hi) / 2) > 0 else 0.0
        for lo, hi in pairwise(pieces)
    )
    assert float(expected_if_alive(made, x, T_days, horizon_days)) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("parameters", [p for p in PARAMETERS if p[3] != 1.0])
def test_expectation_given_alive_matches_the_textbook_form_where_that_is_finite(model, parameters):
    made = model(*parameters)
    b = made.b + made.leaves_at_once
    for x, T, t in [(0, 10.0, 5.0), (1, 30.0, 39.0), (5, 50.0, 52.0), (20, 100.0, 10.0)]:
        z, c = t / (made.alpha + T + t), made.a + b + x - 1
        gauss = special.hyp2f1(made.r + x, b + x, c, z)
        textbook = c / (made.a - 1) * (1 - (1 - z) ** (made.r + x) * gauss)
        assert float(expected_if_alive(made, x, 7 * T, 7 * t)) == pytest.approx(textbook, rel=1e-9)


@pytest.mark.parametrize("parameters", PARAMETERS)
def test_the_expectation_is_continuous_where_the_series_hands_over(model, parameters):
    made = model(*parameters)
    days = 7 * 0.95 / 0.05 * made.alpha  # z = 0.95 at T = 0
    below, above = expected_if_alive(made, 0, 0, [days * (1 - 1e-12), days * (1 + 1e-12)])
    assert above == pytest.approx(below, rel=2e-11)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("history", [(0, 0, 0), (0, 0, 200), (2, 213, 272), (40, 300, 310)])
def test_the_distribution_of_purchases_agrees_with_every_other_formula(model, parameters, history):
    made, (x, t_x, T), h = model(*parameters), history, 180
    y = np.arange(3000)
    p = predict.purchases_probability(made, x, t_x, T, h, y)
    alive = predict.p_alive(made, x, t_x, T)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1, abs=1e-10)
    assert p[0] == pytest.approx(predict.p_no_purchase(made, x, t_x, T, h), abs=1e-12)
    assert (p * y).sum() == pytest.approx(predict.expected_purchases(made, x, t_x, T, h), rel=1e-8)
    assert (p * y * y).sum() == pytest.approx(alive * second_moment_if_alive(made, x, T, h), rel=2e-6)


@pytest.mark.parametrize("parameters", [*PARAMETERS, ("pareto_nbd", 0.553, 10.578, 0.606, 11.669)])
@pytest.mark.parametrize("history", [(0, 0, 0), (0, 0, 200), (2, 213, 272), (40, 300, 310), (300, 700, 701)])
def test_the_median_is_where_the_distribution_passes_one_half(model, parameters, history):
    made, h = model(*parameters), 180
    y = np.arange(1500)
    p = predict.purchases_probability(made, *history, h, y)
    at_least = predict.at_least_probability(made, *history, h, y)
    assert at_least == pytest.approx(1 - np.cumsum(p) + p, abs=1e-8)
    median = predict.median_purchases(made, *history, h)
    assert median == np.flatnonzero(np.cumsum(p) >= 0.5)[0]


def test_one_time_buyers_are_surely_alive_only_under_bg_nbd(model):
    assert predict.p_alive(model(*PARAMETERS[0]), 0, 0, 500) == 1.0
    assert predict.p_alive(model(*PARAMETERS[1]), 0, 0, 500) < 0.4


def test_next_purchase_is_the_day_by_which_its_probability_is_the_quantile(model):
    made = model(*PARAMETERS[1])
    days = predict.next_purchase_days(made, 5, 200, 210, 0.5)
    assert predict.p_no_purchase(made, 5, 200, 210, days) == pytest.approx(0.5, abs=1e-12)


def test_next_purchase_is_unknown_when_the_customer_is_probably_gone(model):
    assert np.isnan(predict.next_purchase_days(model(*PARAMETERS[1]), 8, 30, 900, 0.5))


def test_a_quantile_outside_zero_to_one_is_refused(model):
    with pytest.raises(ValueError, match="quantile"):
        predict.next_purchase_days(model(*PARAMETERS[1]), 1, 5, 9, 1.0)


def test_discounting_at_zero_is_the_plain_expectation_and_costs_otherwise(model):
    made = model(*PARAMETERS[1])
    plain = expected_if_alive(made, 3, 100, 365)
    assert predict.discounted_if_alive(made, 3, 100, 365, 0.0) == pytest.approx(plain, rel=1e-12)
    discounted = predict.discounted_if_alive(made, 3, 100, 365, 0.10)
    assert plain / 1.10 < discounted < plain


def test_the_lookup_has_each_pair_and_horizon_once_and_in_order(model):
    made = model(*PARAMETERS[1])
    lookup = predict.expectation_lookup(made, [3, 0, 3], [90, 10, 90], [90, 30], 0.1)
    keys = lookup[["x", "T_days", "horizon_days"]].to_numpy().tolist()
    assert keys == [[0, 10, 30], [0, 10, 90], [3, 90, 30], [3, 90, 90]]
    assert lookup["expected_if_alive"].iloc[3] == expected_if_alive(made, 3, 90, 90)
    assert lookup["silent_if_alive"].between(0, 1).all()
    assert (lookup["discounted_if_alive"] < lookup["expected_if_alive"]).all()


def test_the_lookup_of_nobody_is_empty(model):
    assert len(predict.expectation_lookup(model(*PARAMETERS[1]), [], [], [90], 0.1)) == 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_extremes_stay_finite_and_in_range(model, parameters):
    made = model(*parameters)
    x = np.array([0, 0, 1, 5000, 5000, 5000])
    t_x = np.array([0, 0, 1, 1, 3650, 20])
    T = np.array([0, 20_000, 20_000, 20_000, 3650, 20])
    for h in (1, 365, 20_000):
        alive = predict.p_alive(made, x, t_x, T)
        silent = predict.p_no_purchase(made, x, t_x, T, h)
        assert ((alive >= 0) & (alive <= 1) & (silent >= 0) & (silent <= 1)).all()
        found = predict.expected_purchases(made, x, t_x, T, h)
        assert np.isfinite(found).all()
        assert (found >= 0).all()


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(PARAMETERS),
    st.integers(1, 500),
    st.integers(1, 2000),
    st.integers(0, 2000),
    st.integers(1, 2000),
    st.integers(1, 500),
)
def test_more_recent_is_likelier_alive_and_longer_horizons_hold_more(
    model, parameters, x, t_x, silent, h, more
):
    made, T = model(*parameters), t_x + silent + more
    assert predict.p_alive(made, x, t_x, T) <= predict.p_alive(made, x, t_x + more, T)
    assert predict.p_no_purchase(made, x, t_x, T, h) >= predict.p_no_purchase(made, x, t_x, T, h + more)
    near, far = expected_if_alive(made, x, T, h), expected_if_alive(made, x, T, h + more)
    assert 0 < near < far
    assert second_moment_if_alive(made, x, T, h) >= near * near * (1 - 1e-5)


def test_a_figure_does_not_depend_on_the_other_rows(model):
    rng, made = np.random.default_rng(1), model(*PARAMETERS[1])
    x, T, h = rng.integers(0, 60, 9000), rng.integers(0, 1500, 9000), rng.integers(1, 1000, 9000)
    together = expected_if_alive(made, x, T, h)
    order = rng.permutation(9000)
    assert np.array_equal(expected_if_alive(made, x[order], T[order], h[order]), together[order])
    alone = [float(expected_if_alive(made, x[i], T[i], h[i])) for i in range(200)]
    assert np.array_equal(alone, together[:200])
