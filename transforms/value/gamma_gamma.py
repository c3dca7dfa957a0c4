"""Gamma-Gamma: what a customer spends on one purchase, shrunk towards everybody by how few were seen.

Fader, Hardie, Note 025 (2013), "The Gamma-Gamma Model of Monetary Value"; a purchase is gamma (p, nu), a
customer's nu is gamma (q, gamma). The papers fit on repeat purchases only (count = x, mean over repeats);
the functions take any convention, as long as fit and prediction use the same one.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from transforms.value.btyd import CHUNK
from transforms.value.cells import FloatArray, IntArray, real_numbers, whole_numbers
from transforms.value.newton import Derivatives, Matrix, Prior, maximise, standard_errors
from transforms.value.purchase_model import known_fields

SpendKind = Literal["gamma_gamma", "fallback_pooled_mean"]
BINS_PER_LOG_UNIT = 500
"""Of spend_cells(binned=True): means within 0.1 % of each other share a cell."""
LARGEST_CORRELATION = 0.3
"""Of count and mean value; beyond it (either sign) the model's independence is a poor assumption."""
LEAST_Q = 1.1
"""The mean over customers is infinite for q <= 1; expectations use at least this q."""


@dataclass(frozen=True, eq=False)
class SpendCells:
    """One row per distinct (count, mean_value), sorted; n customers each.

    count: purchases averaged over, at least 1. mean_value: their mean amount, above 0, any currency.
    left_out: customers with purchases whose mean is zero or negative; the model has no place for them.
    """

    count: IntArray
    mean_value: FloatArray
    n: IntArray
    left_out: int

    @property
    def customers(self) -> int:
        return int(self.n.sum())

    def __len__(self) -> int:
        return len(self.count)


def spend_cells(
    count: ArrayLike, mean_value: ArrayLike, n: ArrayLike | None = None, binned: bool = False
) -> SpendCells:
    """Sort and add up. Rows with count 0 say nothing about spend and are skipped, whatever their mean.

    binned: means are rounded to 1/500 of their logarithm, which bounds the cells at any number of customers
    (10M customers: 71 thousand cells, parameters equal to 1e-6). Raises ValueError on missing values.
    """
    counts = whole_numbers(count, "count")
    seen = counts > 0
    means = real_numbers(np.asarray(mean_value, dtype=np.float64)[seen], "mean_value")
    weights = np.ones(len(counts), dtype=np.int64) if n is None else whole_numbers(n, "n")
    frame = pd.DataFrame({"count": counts[seen], "mean_value": means, "n": weights[seen]})
    usable = frame["mean_value"] > 0
    left_out = int(frame.loc[~usable, "n"].sum())
    frame = frame[usable]
    if binned:
        steps = np.rint(BINS_PER_LOG_UNIT * np.log(frame["mean_value"].to_numpy()))
        frame = frame.assign(mean_value=np.exp(steps / BINS_PER_LOG_UNIT))
    grouped = frame.groupby(["count", "mean_value"], sort=True, as_index=False)["n"].sum()
    return SpendCells(
        grouped["count"].to_numpy(np.int64),
        grouped["mean_value"].to_numpy(np.float64),
        grouped["n"].to_numpy(np.int64),
        left_out,
    )


@dataclass(frozen=True)
class SpendModel:
    """p, q without unit, gamma in the amounts' currency. Uncertainty and fit as in PurchaseModel."""

    kind: SpendKind
    p: float
    q: float
    gamma: float
    se_p: float | None
    se_q: float | None
    se_gamma: float | None
    covariance: Matrix | None
    log_likelihood: float
    n: int
    evaluations: int
    gradient_norm: float
    converged: bool

    def __post_init__(self) -> None:
        if self.kind not in get_args(SpendKind):
            raise ValueError(f"unknown spend model {self.kind!r}; known: {', '.join(get_args(SpendKind))}")
        if any(not math.isfinite(value) or value <= 0 for value in self.parameters):
            raise ValueError(f"{self.kind}: p, q, gamma must be positive and finite, found {self.parameters}")

    @property
    def parameters(self) -> tuple[float, float, float]:
        return self.p, self.q, self.gamma

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types; floats survive json.dumps and json.loads bit for bit."""
        record = asdict(self)
        record["covariance"] = None if self.covariance is None else [list(row) for row in self.covariance]
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> SpendModel:
        """The inverse of to_dict. Raises ValueError on missing or unknown keys."""
        return cls(**known_fields(cls, record))


def fit_spend(data: SpendCells, start: SpendModel | None = None, prior: Prior | None = None) -> SpendModel:
    """Maximum likelihood by damped Newton; prior centre (p, q, gamma) in natural units.

    A fit without a strict peak returns converged=False. Raises ValueError on no cells.
    """
    if len(data) == 0:
        raise ValueError("no customers with a positive mean value to fit a spend model on")
    weights = data.n.astype(np.float64)
    pooled = float((weights * data.mean_value).sum() / weights.sum())
    first = start.parameters if start is not None else (4.0, 4.0, pooled * 3.0 / 4.0)
    found = maximise(lambda theta: _log_likelihood(data, theta), first, data.customers, prior)
    p, q, gamma = (float(v) for v in np.exp(found.log_parameters))
    se = standard_errors((p, q, gamma), found.covariance)
    return SpendModel(
        "gamma_gamma", p, q, gamma, se[0], se[1], se[2], found.covariance,
        found.log_likelihood, data.customers, found.evaluations, found.gradient_norm, found.converged,
    )  # fmt: skip


def expected_value(model: SpendModel, count: ArrayLike, mean_value: ArrayLike) -> FloatArray:
    """E[amount of a next purchase | count, mean] = p (gamma + count mean) / (p count + q - 1), eq. 5.

    With count 0 everybody's mean, whatever mean_value holds. A negative mean counts as zero.
    """
    k, spent = _seen(count, mean_value)
    found: FloatArray = model.p * (model.gamma + spent) / (model.p * k + max(model.q, LEAST_Q) - 1.0)
    return found


def inverse_scale_squared(model: SpendModel, count: ArrayLike, mean_value: ArrayLike) -> FloatArray:
    """E[1 / nu^2 | count, mean], of which spend variances are made; its shape is held at 2.5 or above."""
    k, spent = _seen(count, mean_value)
    shape = np.maximum(model.p * k + model.q, 2.5)
    found: FloatArray = (model.gamma + spent) ** 2 / ((shape - 1.0) * (shape - 2.0))
    return found


def log_gradient_of_expected_value(
    model: SpendModel, count: ArrayLike, mean_value: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Derivatives of ln E[amount] by ln p, ln q, ln gamma."""
    k, spent = _seen(count, mean_value)
    below = model.p * k + max(model.q, LEAST_Q) - 1.0
    by_q = -model.q / below if model.q > LEAST_Q else np.zeros_like(below)
    return 1.0 - model.p * k / below, by_q, model.gamma / (model.gamma + spent)


def correlation_of_count_and_value(data: SpendCells) -> float | None:
    """The model assumes none; beyond LARGEST_CORRELATION its expectations are biased. None without spread."""
    n, x, m = data.n / max(data.customers, 1), data.count.astype(np.float64), data.mean_value
    x, m = x - (n * x).sum(), m - (n * m).sum()
    spread = float((n * x * x).sum() * (n * m * m).sum())
    return float((n * x * m).sum()) / math.sqrt(spread) if spread > 0 else None


def _seen(count: ArrayLike, mean_value: ArrayLike) -> tuple[FloatArray, FloatArray]:
    k = np.asarray(count, dtype=np.float64)
    mean = np.asarray(mean_value, dtype=np.float64)
    return k, np.where(k > 0, k * np.maximum(mean, 0.0), 0.0)


def _log_likelihood(data: SpendCells, theta: FloatArray) -> Derivatives:
    """Eq. 1a: ln G(px+q) - ln G(px) - ln G(q) + q ln g + (px-1) ln m + px ln x - (px+q) ln(g + mx)."""
    p, q, gamma = (float(v) for v in np.exp(theta))
    value, g, h = 0.0, np.zeros(3), np.zeros((3, 3))
    for i in range(0, len(data), CHUNK):
        rows = slice(i, i + CHUNK)
        w, x, m = data.n[rows].astype(np.float64), data.count[rows].astype(np.float64), data.mean_value[rows]
        s, ln_x, ln_m = gamma + m * x, np.log(x), np.log(m)
        ln_s, inverse, k = np.log(s), 1.0 / s, p * x
        value += float((w * (q * (math.log(gamma) - ln_s) + (k - 1.0) * ln_m + k * (ln_x - ln_s))).sum())
        g += (
            (w * x * (ln_m + ln_x - ln_s)).sum(),
            (w * (math.log(gamma) - ln_s)).sum(),
            (w * (q / gamma - (k + q) * inverse)).sum(),
        )
        h[0, 2] -= (w * x * inverse).sum()
        h[1, 2] += (w * (1.0 / gamma - inverse)).sum()
        h[2, 2] += (w * ((k + q) * inverse * inverse - q / gamma**2)).sum()
    x_values, index = np.unique(data.count, return_inverse=True)
    w = np.bincount(index, data.n, len(x_values)).astype(np.float64, copy=False)
    x = x_values.astype(np.float64)
    lg, psi = special.gammaln, special.psi
    psi_1, psi_1_px, psi_1_q = (special.zeta(2.0, v) for v in (p * x + q, p * x, np.array([q])))
    value += float((w * (lg(p * x + q) - lg(p * x) - lg(q))).sum())
    g[0] += (w * x * (psi(p * x + q) - psi(p * x))).sum()
    g[1] += (w * (psi(p * x + q) - psi(q))).sum()
    h[0, 0] += (w * x * x * (psi_1 - psi_1_px)).sum()
    h[0, 1] += (w * x * psi_1).sum()
    h[1, 1] += (w * (psi_1 - psi_1_q)).sum()
    h += np.triu(h, 1).T
    natural = np.array([p, q, gamma])
    return value, natural * g, natural[:, None] * natural[None, :] * h + np.diag(natural * g)
