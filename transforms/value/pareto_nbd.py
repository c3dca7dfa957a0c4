"""The likelihood of Pareto/NBD on weighted cells, without the Gauss 2F1 of the textbooks.

Schmittlein, Morrison, Colombo 1987, Management Science 33(1) 1-24: purchases come at a gamma (r, alpha
weeks) rate until the customer leaves, after a lifetime exponential at a gamma (s, beta weeks) rate. One
history, with k = r + x, is either still here at T or left at some tau between t_x and T (derived in Fader,
Hardie 2005, "A Note on Deriving the Pareto/NBD Model and Related Expressions", where the integral then
becomes two 2F1). With A(t) = ln(1 + t/alpha) and C(t) = ln(1 + t/beta):

    ln G(k) - ln G(r) - x ln alpha - k A(T) - s C(T) + softplus(u)
    u = ln(s/beta) + k A(T) + s C(T) + ln integral_{t_x}^{T} f(tau) dtau,    f = exp(-k A(tau) - (s+1) C(tau))

The 2F1 cancels or hangs when s and beta grow without bound; f is positive, falls, and is summed day by day.
Histories with the same x share f, so the days of one x are integrated once, by Gauss-Legendre within the day,
and added up from the last day to the first, each in units of f of its own day: nothing overflows, and the
difference of two sums keeps all but log10(days) digits. The derivatives are moments of A, C and their slopes
under f, summed alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from transforms.value.cells import Cells, FloatArray, IntArray, totals
from transforms.value.newton import Derivatives
from transforms.value.purchase_model import DAYS_PER_WEEK

NODES_PER_DAY = 6
TABLE_SIZE = 50_000
"""Days times values of x in one table: 6 MB of moments."""
MOMENTS = [(), (0,), (1,), (2,), (3,)] + [(i, j) for i in range(4) for j in range(i, 4)]
"""Of A, B = -dA/dalpha, C, D = -dC/dbeta: none, each, each pair."""
PAIR = {pair: place for place, pair in enumerate(MOMENTS)}


@dataclass(frozen=True, eq=False)
class ParetoTables:
    """What the likelihood reads: histograms, and the cells with a silence at their end, sorted by x."""

    x_values: FloatArray
    x_weight: FloatArray
    T_weeks: FloatArray
    T_weight: FloatArray
    T_weight_x: FloatArray
    x: IntArray
    t_x_days: IntArray
    T_days: IntArray
    n: FloatArray

    @staticmethod
    def of(data: Cells) -> ParetoTables:
        n = data.n.astype(np.float64)
        x_values, x_index = np.unique(data.x, return_inverse=True)
        days, day = np.unique(data.T_days, return_inverse=True)
        silent = data.T_days > data.t_x_days
        return ParetoTables(
            x_values.astype(np.float64),
            totals(x_index, n, len(x_values)),
            days / DAYS_PER_WEEK,
            totals(day, n, len(days)),
            totals(day, n * data.x, len(days)),
            data.x[silent], data.t_x_days[silent], data.T_days[silent], n[silent],
        )  # fmt: skip


def pareto_log_likelihood(tables: ParetoTables, theta: FloatArray) -> Derivatives:
    """Value, gradient and Hessian at theta = (ln r, ln alpha, ln s, ln beta)."""
    p = np.exp(theta)
    value, g, h = _alive_terms(tables, *map(float, p))
    for part in _blocks(tables):
        found = _gone_terms(part, *map(float, p))
        value, g, h = value + found[0], g + found[1], h + found[2]
    return float(value), p * g, p[:, None] * p[None, :] * h + np.diag(p * g)


def _alive_terms(t: ParetoTables, r: float, alpha: float, s: float, beta: float) -> Derivatives:
    """ln G(k) - ln G(r) - x ln alpha - k A(T) - s C(T)."""
    x, w = t.x_values, t.x_weight
    purchases = float((w * x).sum())
    exposure = t.T_weight * r + t.T_weight_x
    A, B = _grown(t.T_weeks, alpha)
    C, D = _grown(t.T_weeks, beta)
    value = float((w * (special.gammaln(r + x) - special.gammaln(r))).sum()) - purchases * np.log(alpha)
    value -= float((exposure * A).sum() + s * (t.T_weight * C).sum())
    h = np.zeros((4, 4))
    h[0, 0] = (w * (special.zeta(2.0, r + x) - special.zeta(2.0, r))).sum()
    h[0, 1] = h[1, 0] = (t.T_weight * B).sum()
    h[1, 1] = purchases / alpha**2 - (exposure * (2.0 / alpha - B) * B).sum()
    h[2, 3] = h[3, 2] = (t.T_weight * D).sum()
    h[3, 3] = -s * (t.T_weight * (2.0 / beta - D) * D).sum()
    slope = (
        (w * (special.psi(r + x) - special.psi(r))).sum() - (t.T_weight * A).sum(),
        -purchases / alpha + (exposure * B).sum(),
        -(t.T_weight * C).sum(),
        s * (t.T_weight * D).sum(),
    )
    return float(value), np.array(slope), h


def _blocks(t: ParetoTables) -> list[ParetoTables]:
    """The cells in pieces of whole x, small enough for their tables of days."""
    if len(t.x) == 0:
        return []
    values = np.unique(t.x)
    per_block = max(1, TABLE_SIZE // (int(t.T_days.max()) + 1))
    ends = np.searchsorted(t.x, values[per_block - 1 :: per_block], side="right")
    edges = [0, *ends.tolist(), len(t.x)]
    none = np.zeros(0)
    return [
        ParetoTables(none, none, none, none, none, t.x[i:j], t.t_x_days[i:j], t.T_days[i:j], t.n[i:j])
        for i, j in pairwise(edges)
        if j > i
    ]


def _gone_terms(t: ParetoTables, r: float, alpha: float, s: float, beta: float) -> Derivatives:
    """softplus(u) over cells whose x are few."""
    values, place = np.unique(t.x.astype(np.float64), return_inverse=True)
    falls, sums = _suffix_moments(r + values, int(t.T_days.max()), alpha, s, beta)
    k, T = r + t.x, t.T_days / DAYS_PER_WEEK
    A, B = _grown(T, alpha)
    C, D = _grown(T, beta)
    fallen = np.exp(falls[t.T_days, place] - falls[t.t_x_days, place])
    found = sums[t.t_x_days, place] - fallen[:, None] * sums[t.T_days, place]
    integral = np.maximum(found[:, 0], 1e-300)
    mean = found / integral[:, None]
    u = np.log(s / beta) + k * A + s * C + falls[t.t_x_days, place] + np.log(integral)

    # first derivatives of ln f by r, alpha, s, beta are (-A, k B, -C, (s+1) D)
    scale = np.stack([-np.ones_like(k), k, -np.ones_like(k), np.full_like(k, s + 1.0)])
    average = scale * mean[:, 1:5].T
    du = average + np.stack([A, -k * B, 1.0 / s + C, -1.0 / beta - s * D])
    own = np.zeros((4, 4, len(k)))
    own[0, 1] = mean[:, 2] - B
    own[1, 1] = k * (mean[:, PAIR[1, 1]] - 2.0 / alpha * mean[:, 2]) + k * (2.0 / alpha - B) * B
    own[2, 2] = -1.0 / s**2
    own[2, 3] = mean[:, 4] - D
    own[3, 3] = (s + 1.0) * (mean[:, PAIR[3, 3]] - 2.0 / beta * mean[:, 4])
    own[3, 3] += 1.0 / beta**2 + s * (2.0 / beta - D) * D

    gone = special.expit(u)
    w, v = t.n * gone, t.n * gone * special.expit(-u)
    g, h = (w * du).sum(axis=1), np.zeros((4, 4))
    for i in range(4):
        for j in range(i, 4):
            spread = scale[i] * scale[j] * mean[:, PAIR[i, j]] - average[i] * average[j]
            h[i, j] = h[j, i] = (v * du[i] * du[j] + w * (spread + own[i, j])).sum()
    return float((t.n * np.logaddexp(0.0, u)).sum()), g, h


def _suffix_moments(
    k: FloatArray, last_day: int, alpha: float, s: float, beta: float
) -> tuple[FloatArray, FloatArray]:
    """ln f at the start of each day, and the integrals of f times MOMENTS from there to the last day over f.

    Axes: day 0..last_day, x, and for the integrals moment.
    """
    days = np.arange(last_day + 1) / DAYS_PER_WEEK
    A, _ = _grown(days, alpha)
    C, _ = _grown(days, beta)
    falls = -k * A[:, None] - (s + 1.0) * C[:, None]
    nodes, weights = np.polynomial.legendre.leggauss(NODES_PER_DAY)
    sums = np.zeros((last_day + 1, len(k), len(MOMENTS)))
    within = sums[:-1]
    for node, weight in zip(nodes, weights, strict=True):
        tau = days[:-1] + (node + 1.0) / 2.0 / DAYS_PER_WEEK
        grown = [*_grown(tau, alpha), *_grown(tau, beta)]
        f = np.exp(-k * (grown[0] - A[:-1])[:, None] - ((s + 1.0) * (grown[2] - C[:-1]))[:, None])
        f *= weight / 2.0 / DAYS_PER_WEEK
        for place, moment in enumerate(MOMENTS):
            factor = np.ones_like(tau)
            for i in moment:
                factor = factor * grown[i]
            within[:, :, place] += f * factor[:, None]
    ratios = np.exp(np.diff(falls, axis=0))[:, :, None]
    for day in range(last_day - 1, -1, -1):
        sums[day] += ratios[day] * sums[day + 1]
    return falls, sums


def _grown(weeks: FloatArray, scale: float) -> tuple[FloatArray, FloatArray]:
    """ln(1 + t/scale), and minus its derivative by scale: t / (scale (scale + t)) = 1/scale - 1/(scale+t)."""
    return np.log1p(weeks / scale), weeks / (scale * (scale + weeks))
