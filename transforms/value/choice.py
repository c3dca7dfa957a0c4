"""Which purchase model a company gets: the one that made what came after a cut-off most likely.

Hold-out log-likelihood is the one score that looks at the whole forecast, how many purchases and how surely.
The default keeps its place unless another beats it by a margin that is neither chance nor trifle.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from transforms.value.cells import FloatArray
from transforms.value.purchase_model import PurchaseKind

DEFAULT_KIND: PurchaseKind = "mbg_nbd"
LEAST_GAIN = 0.01
"""Of log-likelihood per customer: what came must be 1 % likelier under the other model, on the average."""
STANDARD_ERRORS = 2.0


class Gain(NamedTuple):
    """Mean gain in log-likelihood per customer, and what it had to exceed."""

    value: float
    needed: float

    @property
    def is_enough(self) -> bool:
        return self.value > self.needed


def paired_gain(differences: FloatArray, weight: FloatArray, least: float = 0.0) -> Gain:
    """The mean of the differences, weight customers each; needed: `least`, and two standard errors."""
    customers = float(weight.sum())
    mean = float((weight * differences).sum()) / customers
    variance = float((weight * (differences - mean) ** 2).sum()) / customers
    return Gain(mean, max(least, STANDARD_ERRORS * math.sqrt(variance / customers)))


def choose(
    scores: Mapping[PurchaseKind, FloatArray], weight: FloatArray
) -> tuple[PurchaseKind, dict[PurchaseKind, Gain]]:
    """The kind to use and the gain of every other one over the default, which must be among `scores`.

    scores: log-likelihood of each hold-out history, weight customers each. The gain needed is the larger of
    LEAST_GAIN and two standard errors of the mean of the paired differences.
    """
    gains: dict[PurchaseKind, Gain] = {}
    for kind in sorted(set(scores) - {DEFAULT_KIND}):
        gains[kind] = paired_gain(scores[kind] - scores[DEFAULT_KIND], weight, LEAST_GAIN)
    better = [kind for kind, gain in gains.items() if gain.is_enough]
    return max(better, key=lambda kind: gains[kind].value, default=DEFAULT_KIND), gains
