"""Pareto/NBD: the published estimates, integrals checked by another integrator, and where it has no peak."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from transforms.value import pareto_predict, predict
from transforms.value.btyd import fit_purchases, log_likelihood_at
from transforms.value.cells import cells
from transforms.value.expectation import expected_if_alive, second_moment_if_alive
from transforms.value.fallback import purchase_model
from transforms.value.pareto_nbd import ParetoTables, pareto_log_likelihood

CDNOW = (0.5532770, 10.5776835, 0.6062400, 11.6687353)
PARAMETERS = [
    CDNOW,
    (0.2, 1.0, 0.3, 0.5),
    (5.0, 200.0, 0.5, 300.0),
    (1.0, 10.0, 163.0, 62_828.0),
    (2.0, 6.0, 1e6, 1e9),
    (20.0, 5.0, 3.0, 0.5),
    (2.0, 10.0, 1.0, 5.0),
]
HISTORIES = [(0, 0, 200), (2, 213, 272), (40, 300, 700), (1000, 1100, 1300)]


@pytest.fixture(scope="module")
def fitted(cdnow):
    return fit_purchases(cdnow.cells, "pareto_nbd")


def test_the_fit_reproduces_the_published_estimates(fitted):
    assert fitted.n == 2357
    assert fitted.names == ("r", "alpha", "s", "beta")
    assert fitted.parameters == pytest.approx((0.55328, 10.57768, 0.60624, 11.66873), abs=1e-5)
    assert fitted.parameters == pytest.approx((0.5533, 10.5777, 0.6062, 11.669), rel=5e-4)
    assert fitted.log_likelihood == pytest.approx(-9594.9762, abs=1e-4)
    errors = (fitted.se_r, fitted.se_alpha, fitted.se_a, fitted.se_b)
    assert errors == pytest.approx((0.0476, 0.843, 0.187, 6.21), rel=5e-3)
    assert fitted.converged
    assert fitted.evaluations <= 12


def test_derivatives_match_differences(cdnow):
    tables, theta, step = ParetoTables.of(cdnow.cells), np.log([0.4, 8.0, 0.7, 9.0]), 1e-5
    _, gradient, hessian = pareto_log_likelihood(tables, theta)
    for i in range(4):
        up, down = (pareto_log_likelihood(tables, theta + s * step * np.eye(4)[i]) for s in (1, -1))
        assert gradient[i] == pytest.approx((up[0] - down[0]) / (2 * step), rel=1e-5, abs=1e-3)
        assert hessian[i] == pytest.approx((up[1] - down[1]) / (2 * step), rel=1e-5, abs=1e-3)


def test_shuffled_rows_and_repeated_rows_give_the_same_model_bit_for_bit(cdnow, fitted):
    data, mixed = cdnow.cells, cdnow.customers.sample(frac=1, random_state=3)
    assert fit_purchases(cells(mixed["x"], mixed["t_x_days"], mixed["T_days"]), "pareto_nbd") == fitted
    expanded = cells(*(np.repeat(column, data.n) for column in (data.x, data.t_x_days, data.T_days)))
    assert fit_purchases(expanded, "pareto_nbd") == fitted


def test_many_counts_are_cut_into_tables_of_bounded_size_without_a_trace(cdnow, monkeypatch):
    whole = pareto_log_likelihood(ParetoTables.of(cdnow.cells), np.log(CDNOW))
    monkeypatch.setattr("transforms.value.pareto_nbd.TABLE_SIZE", 600)
    cut = pareto_log_likelihood(ParetoTables.of(cdnow.cells), np.log(CDNOW))
    assert cut[0] == pytest.approx(whole[0], rel=1e-13)
    assert cut[2] == pytest.approx(whole[2], rel=1e-9)


def test_known_parameters_are_recovered_within_four_standard_errors():
    rng, truth, customers = np.random.default_rng(5), (0.9, 60.0, 0.8, 120.0), 20_000
    rate = rng.gamma(truth[0], 1 / truth[1], customers)
    life = rng.exponential(1 / rng.gamma(truth[2], 1 / truth[3], customers))
    T = rng.integers(1000, 5000, customers)
    moments = [
        np.cumsum(rng.exponential(1 / r, 400)) if r * t / 7 < 300 else np.zeros(0)
        for r, t in zip(rate, T, strict=True)
    ]
    rows = []
    for when, stays, t in zip(moments, life, T, strict=True):
        days = np.unique(np.ceil(7 * when[when < stays]))
        days = days[days <= t]
        rows.append((len(days), days[-1] if len(days) else 0, t))
    found = fit_purchases(cells(*zip(*rows, strict=True)), "pareto_nbd")
    errors = np.array([found.se_r, found.se_alpha, found.se_a, found.se_b])
    assert np.abs((np.array(found.parameters) - truth) / errors).max() < 4


def test_the_examples_of_the_btyd_package_come_out(fitted):
    """Customer 1516 of the CDNOW sample, and a newcomer's year (BTYD walkthrough, section 2)."""
    assert predict.expected_purchases(fitted, 26, 216, 217, 364) == pytest.approx(25.46, abs=0.01)
    assert predict.p_alive(fitted, 26, 216, 217) == pytest.approx(0.9979, abs=5e-5)
    assert predict.expected_of_newcomer(fitted, 364) == pytest.approx(1.473434, abs=2e-4)


def integral(function, low, high, at):
    """By adaptive Gauss-Kronrod over logit((tau - low) / (high - low)), split around where the mass is."""

    def inner(v):
        p = special.expit(v)
        return function(low + (high - low) * p) * (high - low) * p * special.expit(-v)

    edges = [-80.0, *np.arange(at - 24, at + 24, 2.0), 80.0]
    pairs = zip(sorted(edges), sorted(edges)[1:], strict=False)
    return sum(integrate.quad(inner, a, b, epsabs=0, epsrel=1e-11, limit=200)[0] for a, b in pairs if b > a)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize(("x", "t_x", "T"), HISTORIES)
def test_integrals_agree_with_an_adaptive_integrator(model, parameters, x, t_x, T):
    made = model("pareto_nbd", *parameters)
    (_, alpha, s, beta), k, h = parameters, parameters[0] + x, 90 / 7
    t_x, T = t_x / 7, T / 7
    A, B = alpha + T, beta + T

    def leaves(tau):
        return (
            np.exp(k * np.log((alpha + t_x) / (alpha + tau)) + s * np.log(B / (beta + tau)))
            * s
            / (beta + tau)
        )

    steep = -np.log1p((T - t_x) * (k / (alpha + t_x) + (s + 1) / (beta + t_x)))
    odds = np.log(integral(leaves, t_x, T, steep)) + k * np.log(A / (alpha + t_x))
    found = pareto_predict.log_odds_gone(made, *(np.array([float(v)]) for v in (x, t_x, T)))
    assert found[0] == pytest.approx(odds, abs=1e-8)

    def buys(tau):
        return k / (A + tau) * np.exp(-k * np.log1p(tau / A) - s * np.log1p(tau / B))

    steep = -np.log1p(h * (k + 1) / A)
    silent = predict.p_silent_if_alive(made, x, 7 * T, 90)
    assert 1 - silent == pytest.approx(integral(buys, 0.0, h, steep), abs=1e-9)

    def stays(tau):
        return np.exp(-s * np.log1p(tau / B))

    flat = integral(stays, 0.0, h, 0.0)
    assert expected_if_alive(made, x, 7 * T, 90) == pytest.approx(k / A * flat, rel=1e-9)
    squares = k * (k + 1) / A**2 * integral(lambda tau: 2 * tau * stays(tau), 0.0, h, 0.0)
    assert second_moment_if_alive(made, x, 7 * T, 90) == pytest.approx(k / A * flat + squares, rel=1e-8)


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize(("x", "t_x", "T"), HISTORIES)
def test_the_likelihood_is_the_sum_of_being_here_and_having_left(model, parameters, x, t_x, T):
    """The tables of the fit and the nodes of the predictions are two ways to one integral."""
    made, (r, alpha, s, beta) = model("pareto_nbd", *parameters), parameters
    here = special.gammaln(r + x) - special.gammaln(r) - x * np.log(alpha)
    here -= (r + x) * np.log1p(T / 7 / alpha) + s * np.log1p(T / 7 / beta)
    u = pareto_predict.log_odds_gone(made, *(np.array([v]) for v in (float(x), t_x / 7, T / 7)))
    found = log_likelihood_at(made, cells([x], [t_x], [T]))
    assert found == pytest.approx(here + np.logaddexp(0, u[0]), abs=1e-8)


def test_where_nobody_is_known_to_leave_at_a_varying_rate_the_limit_is_one_rate_for_all():
    """s and beta run away together: the figures settle at those of an exponential lifetime for all."""
    x, t_x, T = 3.0, 20.0, 30.0
    odds = [
        pareto_predict.log_odds_gone(_at(0.9, 10.0, s, s / 0.002), *map(np.atleast_1d, (x, t_x, T)))[0]
        for s in (1e3, 1e5, 1e7, 1e9)
    ]
    tau = (np.arange(200_000) + 0.5) * 10 / 200_000 + 20
    density = 0.002 * np.exp((T - tau) * 0.002) * ((10 + T) / (10 + tau)) ** 3.9
    assert np.abs(np.diff(odds)).max() < 1e-3
    assert odds[-1] == pytest.approx(np.log(density.sum() * 10 / 200_000), abs=1e-7)


def _at(*parameters):
    from transforms.value.purchase_model import PurchaseModel

    return PurchaseModel("pareto_nbd", *parameters, None, None, None, None, None, 0.0, 1, 0, 0.0, True)


def test_a_likelihood_whose_s_and_beta_run_away_ends_and_is_held_by_a_weak_prior(simulate):
    made = simulate(np.random.default_rng(2), 3000, 1.5, 1.5, 0.2, 300.0, (200, 364))
    data = cells(made["x"], made["t_x_days"], made["T_days"])
    plain = fit_purchases(data, "pareto_nbd")
    held, why = purchase_model(data, "pareto_nbd")
    assert not plain.converged
    assert (held.kind, held.converged) == ("pareto_nbd", True)
    assert "a weak prior holds it" in why
    assert plain.log_likelihood - held.log_likelihood < 10


@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 0), *HISTORIES])
def test_the_distribution_of_purchases_agrees_with_every_other_formula(model, parameters, x, t_x, T):
    made, h = model("pareto_nbd", *parameters), 180
    y = np.arange(4000)
    p = predict.purchases_probability(made, x, t_x, T, h, y)
    alive = predict.p_alive(made, x, t_x, T)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1, abs=1e-8)
    assert p[0] == pytest.approx(predict.p_no_purchase(made, x, t_x, T, h), abs=1e-9)
    assert (p * y).sum() == pytest.approx(predict.expected_purchases(made, x, t_x, T, h), rel=1e-7)
    assert (p * y * y).sum() == pytest.approx(alive * second_moment_if_alive(made, x, T, h), rel=1e-6)


def test_slopes_of_the_odds_match_differences(model):
    history, step = [np.array([v]) for v in (2.0, 30.4, 38.9)], 1e-5
    slopes = pareto_predict.log_odds_slopes(_at(*CDNOW), *history)
    for i, slope in enumerate(slopes):
        up, down = (
            pareto_predict.log_odds_gone(_at(*(CDNOW * np.exp(s * step * np.eye(4)[i]))), *history)
            for s in (1, -1)
        )
        assert slope[0] == pytest.approx((up - down)[0] / (2 * step), abs=1e-6)


@pytest.mark.parametrize("quantile", [0.05, 0.25, 0.5, 0.75, 0.9])
def test_next_purchase_is_the_day_by_which_its_probability_is_the_quantile(model, quantile):
    made = model("pareto_nbd", *CDNOW)
    x, t_x, T = (
        np.array([0, 2, 5, 40, 900]),
        np.array([0, 213, 200, 300, 998]),
        np.array([7, 272, 210, 301, 999]),
    )
    days = predict.next_purchase_days(made, x, t_x, T, quantile)
    known = np.isfinite(days)
    assert known[3:].all()
    reached = 1 - predict.p_no_purchase(made, x, t_x, T, np.where(known, days, 1e6))
    assert reached[known] == pytest.approx(quantile, abs=1e-9)
    assert (reached[~known] < quantile).all()


def test_a_figure_does_not_depend_on_the_other_rows(model):
    rng, made = np.random.default_rng(1), model("pareto_nbd", *CDNOW)
    x, T = rng.integers(0, 60, 5000), rng.integers(60, 1500, 5000)
    t_x = np.where(x > 0, np.maximum(x, T - rng.integers(0, 400, 5000)), 0)
    order = rng.permutation(5000)
    for figure in (
        lambda *rows: predict.p_alive(made, *rows),
        lambda *rows: predict.p_no_purchase(made, *rows, 90),
        lambda *rows: predict.expected_purchases(made, *rows, 90),
        lambda *rows: np.nan_to_num(predict.next_purchase_days(made, *rows)),
    ):
        together = figure(x, t_x, T)
        assert np.array_equal(figure(x[order], t_x[order], T[order]), together[order])
        alone = [float(figure(x[i], t_x[i], T[i])) for i in range(50)]
        assert np.array_equal(alone, together[:50])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_extremes_stay_finite_and_in_range(model, parameters):
    made = model("pareto_nbd", *parameters)
    x = np.array([0, 0, 1, 5000, 5000, 5000])
    t_x = np.array([0, 0, 1, 5000, 6000, 5000])
    T = np.array([0, 20_000, 20_000, 20_000, 6000, 5000])
    for h in (1, 365, 20_000):
        alive = predict.p_alive(made, x, t_x, T)
        silent = predict.p_no_purchase(made, x, t_x, T, h)
        found = predict.expected_purchases(made, x, t_x, T, h)
        assert ((alive >= 0) & (alive <= 1) & (silent >= 0) & (silent <= 1)).all()
        assert (np.isfinite(found) & (found >= 0)).all()
        assert np.isfinite(second_moment_if_alive(made, x, T, h)).all()
        days = predict.next_purchase_days(made, x, t_x, T)
        assert ((days > 0) | np.isnan(days)).all()
    assert alive[[0, 4, 5]].tolist() == [1.0, 1.0, 1.0], "who bought today is here"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PARAMETERS),
    st.integers(1, 300),
    st.integers(300, 2000),
    st.integers(0, 2000),
    st.integers(1, 2000),
    st.integers(1, 500),
)
def test_more_recent_is_likelier_alive_and_longer_horizons_hold_more(
    model, parameters, x, t_x, silent, h, more
):
    made, T = model("pareto_nbd", *parameters), t_x + silent + more
    assert predict.p_alive(made, x, t_x, T) <= predict.p_alive(made, x, t_x + more, T) + 1e-12
    assert (
        predict.p_no_purchase(made, x, t_x, T, h) >= predict.p_no_purchase(made, x, t_x, T, h + more) - 1e-9
    )
    near, far = expected_if_alive(made, x, T, h), expected_if_alive(made, x, T, h + more)
    assert 0 < near < far
    assert second_moment_if_alive(made, x, T, h) >= near * near * (1 - 1e-7)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(30, 400), st.integers(0, 400), st.integers(1, 50)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(),
)
def test_any_histories_fit_without_exception_and_in_any_order(histories, random):
    rows = [(x, t_x if x else 0, (t_x if x else 0) + silent, n) for x, t_x, silent, n in histories]
    found = fit_purchases(cells(*zip(*rows, strict=True)), "pareto_nbd")
    random.shuffle(rows)
    assert fit_purchases(cells(*zip(*rows, strict=True)), "pareto_nbd") == found
    assert np.isfinite(found.log_likelihood)
