"""Fits of small groups: the pooled model where a group says nothing, the group where it says much."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.value import predict
from transforms.value.btyd import fit_purchases
from transforms.value.cells import cells
from transforms.value.fallback import pooled_rate
from transforms.value.groups import fit_group


@pytest.fixture(scope="module")
def pooled(cdnow):
    return fit_purchases(cdnow.cells)


def test_a_group_of_nobody_is_the_pooled_model(pooled):
    assert fit_group(cells([], [], []), pooled) == (pooled, "no customers of its own")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(cells([0], [0], [0]), id="one customer of today"),
        pytest.param(cells([0], [0], [300], [400]), id="only one-time buyers"),
        pytest.param(cells([3, 4, 5], [300, 310, 320], [330, 330, 330], [10, 10, 10]), id="nobody left"),
        pytest.param(cells([4], [280], [280], [50]), id="all alike"),
        pytest.param(cells([5000], [6000], [6001]), id="five thousand orders"),
        pytest.param(cells([1], [1], [9000], [30]), id="bought twice at once and never again"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_groups_without_a_peak_stay_within_reach_of_everybody(pooled, data):
    plain = fit_purchases(data)
    held, why = fit_group(data, pooled)
    away = np.abs(np.log(np.array(held.parameters) / np.array(pooled.parameters)))
    assert why == ""
    assert held.converged
    assert away.max() < 7, "a parameter ran away"
    assert plain.parameters != held.parameters
    expected = predict.expected_purchases(held, data.x, data.t_x_days, data.T_days, 365)
    assert (np.isfinite(expected) & (expected > 0)).all()


def test_of_many_small_groups_some_have_no_peak_of_their_own_and_all_have_one_around_the_pooled_fit(cdnow):
    pooled, people = fit_purchases(cdnow.cells), cdnow.customers.sample(frac=1, random_state=6)
    alone = held = 0
    for i in range(0, 2000, 20):
        few = people.iloc[i : i + 20]
        data = cells(few["x"], few["t_x_days"], few["T_days"])
        alone += fit_purchases(data).converged
        held += fit_group(data, pooled)[1] == ""
    assert alone < 80
    assert held == 100


def test_a_large_group_overrules_the_prior(simulate, pooled):
    made = simulate(np.random.default_rng(3), 20_000, 2.0, 30.0, 0.6, 3.0, (400, 2000))
    data = cells(made["x"], made["t_x_days"], made["T_days"])
    held, why = fit_group(data, pooled)
    assert why == ""
    assert held.parameters == pytest.approx(fit_purchases(data).parameters, rel=0.01)


def test_a_group_foretells_itself_better_than_everybody_does(simulate):
    """Two kinds of customers, told apart: the sixty rare buyers are not taken for frequent ones."""
    rng = np.random.default_rng(11)
    often = simulate(rng, 3000, 1.0, 4.0, 0.6, 3.0, (300, 700), horizon_days=180)
    seldom = simulate(rng, 60, 1.0, 40.0, 0.6, 3.0, (300, 700), horizon_days=180)
    everybody = fit_purchases(
        cells(*(np.append(often[name], seldom[name]) for name in ("x", "t_x_days", "T_days")))
    )
    history = (seldom["x"], seldom["t_x_days"], seldom["T_days"])
    group, _ = fit_group(cells(*history), everybody)
    actual = seldom["y"].sum()
    by_group = predict.expected_purchases(group, *history, 180).sum()
    by_everybody = predict.expected_purchases(everybody, *history, 180).sum()
    assert abs(by_group - actual) < abs(by_everybody - actual)


@pytest.mark.parametrize("kind", ["bg_nbd", "pareto_nbd"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(cells([0], [0], [300], [400]), id="only one-time buyers"),
        pytest.param(cells([3, 4, 5], [300, 310, 320], [330, 330, 330], [10, 10, 10]), id="nobody left"),
    ],
)
def test_a_group_is_of_the_kind_of_the_pooled_model(cdnow, kind, data):
    everybody = fit_purchases(cdnow.cells, kind)
    held, why = fit_group(data, everybody)
    assert (held.kind, held.converged, why) == (kind, True, "")
    assert np.abs(np.log(np.array(held.parameters) / np.array(everybody.parameters))).max() < 7


def test_around_a_fallback_the_group_has_the_form_of_mbg_nbd(cdnow):
    held, why = fit_group(cdnow.cells, pooled_rate(cdnow.cells))
    assert (held.kind, why) == ("mbg_nbd", "")


HISTORIES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 400), st.integers(0, 4000), st.integers(1, 50)),
    min_size=1,
    max_size=10,
)


@settings(max_examples=40, deadline=None)
@given(HISTORIES)
def test_any_group_has_a_model_with_finite_uncertainty(pooled, histories):
    rows = [(x, t_x if x else 0, (t_x if x else 0) + silent, n) for x, t_x, silent, n in histories]
    held, why = fit_group(cells(*zip(*rows, strict=True)), pooled)
    assert why == ""
    assert held.se_r is not None
    assert np.isfinite(held.parameters).all()
