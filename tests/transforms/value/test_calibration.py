"""Correction of probabilities: found where it is there, used only when it has won twice."""

import numpy as np
import pytest
from scipy import special

from transforms.value.calibration import Outcome, Platt, fit_platt, gated_correction


def said_and_seen(rng, intercept, slope, customers=20_000):
    """Probabilities whose truth is logistic(intercept + slope logit)."""
    said = rng.uniform(0.02, 0.98, customers)
    truth = special.expit(intercept + slope * special.logit(said))
    return Outcome(said, (rng.random(customers) < truth).astype(float), np.ones(customers))


def test_a_known_distortion_is_found():
    found = fit_platt(said_and_seen(np.random.default_rng(1), -0.5, 0.6))
    assert found is not None
    assert (found.intercept, found.slope) == (pytest.approx(-0.5, abs=0.05), pytest.approx(0.6, abs=0.04))


def test_honest_probabilities_are_left_alone():
    found = fit_platt(said_and_seen(np.random.default_rng(2), 0.0, 1.0))
    assert found is not None
    assert (found.intercept, found.slope) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05))
    probability = np.array([0.1, 0.5, 0.9])
    assert Platt(0.0, 1.0).apply(probability) == pytest.approx(probability)


def test_weights_are_repeated_rows():
    said, seen = np.array([0.2, 0.6, 0.6, 0.9]), np.array([0.0, 1.0, 0.0, 1.0])
    weighted = fit_platt(Outcome(said, seen, np.array([5.0, 2.0, 3.0, 1.0])))
    repeat = [5, 2, 3, 1]
    repeated = fit_platt(Outcome(np.repeat(said, repeat), np.repeat(seen, repeat), np.ones(11)))
    assert weighted is not None
    assert repeated is not None
    assert weighted.intercept == pytest.approx(repeated.intercept)
    assert weighted.slope == pytest.approx(repeated.slope)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("probability", [[0.0, 1.0, 0.0, 1.0], [0.5] * 4, [1e-300, 1 - 1e-16, 0.3, 0.3]])
def test_certainties_and_ties_do_no_harm(probability):
    found = fit_platt(Outcome(np.array(probability), np.array([0.0, 1.0, 1.0, 1.0]), np.ones(4)))
    assert found is not None
    assert np.isfinite([found.intercept, found.slope]).all()


@pytest.mark.parametrize("seen", [0.0, 1.0])
def test_where_all_did_the_same_nothing_can_be_learned(seen):
    assert fit_platt(Outcome(np.array([0.2, 0.8]), np.full(2, seen), np.ones(2))) is None


def test_a_lasting_distortion_is_corrected_after_two_wins():
    rng = np.random.default_rng(3)
    origins = [said_and_seen(rng, -0.7, 0.7) for _ in range(3)]
    correction, scores = gated_correction(origins)
    assert correction == fit_platt(origins[-1])
    assert all(
        score is not None and score < origin.brier()
        for score, origin in zip(scores, origins[1:], strict=True)
    )


def test_one_win_is_not_enough():
    rng = np.random.default_rng(4)
    assert gated_correction([said_and_seen(rng, -0.7, 0.7) for _ in range(2)])[0] is None


def test_a_distortion_that_turns_with_the_season_is_left_raw():
    rng = np.random.default_rng(5)
    correction, scores = gated_correction([said_and_seen(rng, shift, 1.0) for shift in (-1.0, 1.0, -1.0)])
    assert correction is None
    assert len(scores) == 2


def test_an_origin_at_which_nobody_bought_teaches_nothing_and_leaves_the_rest_raw():
    rng = np.random.default_rng(6)
    origins = [said_and_seen(rng, -0.7, 0.7) for _ in range(3)]
    origins[0] = Outcome(origins[0].probability, np.zeros(20_000), np.ones(20_000))
    correction, scores = gated_correction(origins)
    assert correction is None
    assert (scores[0], len(scores)) == (None, 2)


def test_without_origins_there_is_nothing_to_correct():
    assert gated_correction([]) == (None, [])
