"""Are probabilities as large as they should be, and may they be corrected.

Platt 1999, "Probabilistic Outputs for Support Vector Machines": a said probability p becomes
logistic(intercept + slope logit p). A slope of 1 needs no correction, one below 1 says that the model is too
sure of itself. A correction learned in one season can hurt in the next (on half a year of Online Retail the
error grew ninefold), so one is used only after it has won on two later origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from transforms.value.cells import FloatArray

LEAST_PROBABILITY = 1e-6
PRIOR_SD = 10.0
"""Of intercept and slope - 1: only keeps a perfect separation from running away."""
STEPS = 50
WINS_NEEDED = 2


@dataclass(frozen=True)
class Platt:
    """A correction of probabilities; the identity at (0, 1)."""

    intercept: float
    slope: float

    def apply(self, probability: FloatArray) -> FloatArray:
        found: FloatArray = special.expit(self.intercept + self.slope * _logit(probability))
        return found


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was said at one origin and what came: one row per history, weighted by customers."""

    probability: FloatArray
    happened: FloatArray
    weight: FloatArray

    def brier(self, correction: Platt | None = None) -> float:
        """The mean squared error of the probabilities, corrected or as they are."""
        said = self.probability if correction is None else correction.apply(self.probability)
        return float((self.weight * (said - self.happened) ** 2).sum() / self.weight.sum())


def fit_platt(outcome: Outcome) -> Platt | None:
    """Weighted logistic regression of what happened on logit(p) by Newton; None without both outcomes."""
    z, hit, w = _logit(outcome.probability), outcome.happened, outcome.weight
    if not 0 < float((w * hit).sum()) < float(w.sum()):
        return None
    at, inverse = np.array([0.0, 1.0]), 1.0 / PRIOR_SD**2
    for _ in range(STEPS):
        said = special.expit(at[0] + at[1] * z)
        error, spread = w * (hit - said), w * said * (1.0 - said)
        g = np.array([error.sum(), (error * z).sum()]) - inverse * (at - np.array([0.0, 1.0]))
        a, b, c = spread.sum() + inverse, (spread * z).sum(), (spread * z * z).sum() + inverse
        step = np.array([c * g[0] - b * g[1], a * g[1] - b * g[0]]) / (a * c - b * b)
        at = at + np.clip(step, -2.0, 2.0)
        if float(np.abs(step).max()) < 1e-12:
            break
    return Platt(float(at[0]), float(at[1]))


def gated_correction(origins: Sequence[Outcome]) -> tuple[Platt | None, list[float | None]]:
    """The correction that may be used after the last of these origins (oldest first), or None for raw.

    Each origin's correction is judged on the next one; all of them, and at least two, must beat the raw Brier
    score there. Second: the Brier score each had, one for each origin but the first, None where the origin
    before it had nothing to learn from.
    """
    scores: list[float | None] = []
    wins = 0
    for before, after in pairwise(origins):
        correction = fit_platt(before)
        scores.append(None if correction is None else after.brier(correction))
        wins += correction is not None and after.brier(correction) < after.brier()
    if wins < WINS_NEEDED or wins < len(origins) - 1:
        return None, scores
    return fit_platt(origins[-1]), scores


def _logit(probability: FloatArray) -> FloatArray:
    found: FloatArray = special.logit(np.clip(probability, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY))
    return found
