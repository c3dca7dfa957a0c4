"""Maximum likelihood of the purchase models on weighted cells: MBG/NBD and BG/NBD here, Pareto/NBD beside it.

Log-likelihood of one history (weeks; m = 1 for MBG/NBD, 0 for BG/NBD), eq. 6 of Fader, Hardie, Lee 2005
regrouped so that nothing overflows:

    ln G(r+x) - ln G(r) + r ln alpha + ln B(a, b+x+m) - ln B(a, b) - (r+x) ln(alpha+T)
    + softplus(u), absent when m = 0 and x = 0
    u = ln a - ln(b+x-1+m) + (r+x) (ln(alpha+T) - ln(alpha+t_x))

Gamma and beta terms depend on x alone and are summed over its histogram; (r+x) ln(alpha+T) over the histogram
of T; only softplus(u) needs the cells, and takes its logarithms from a table by distinct day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from transforms.value.cells import Cells, FloatArray, IntArray, places, totals
from transforms.value.newton import Derivatives, Objective, Prior, maximise, standard_errors
from transforms.value.pareto_nbd import ParetoTables, pareto_log_likelihood
from transforms.value.purchase_model import DAYS_PER_WEEK, PurchaseKind, PurchaseModel

FITTED_KINDS: tuple[PurchaseKind, ...] = ("mbg_nbd", "bg_nbd", "pareto_nbd")
CHUNK = 8192
"""Rows per pass: fits the cache, and stays below the size where BLAS would start threads."""
THINNED_ABOVE, THINNING = 50_000, 16
"""From how many distinct histories on the ascent begins where every 16th of them has its peak."""


def fit_purchases(
    data: Cells,
    kind: PurchaseKind = "mbg_nbd",
    start: PurchaseModel | None = None,
    prior: Prior | None = None,
) -> PurchaseModel:
    """The maximum of the likelihood (times the prior, when given) by damped Newton, 5 to 9 evaluations.

    start: a model of the same kind, for a warm start. prior: centre (r, alpha, a, b) in natural units.
    A fit without a strict peak returns converged=False, never an exception. Raises ValueError on no cells.
    """
    if len(data) == 0:
        raise ValueError("no customers to fit a purchase model on")
    if kind not in FITTED_KINDS:
        raise ValueError(f"{kind} cannot be fitted; choose {', '.join(FITTED_KINDS)}")
    first = start.parameters if start is not None else _start(data, kind)
    found = maximise(_objective(data, kind), first, data.customers, prior)
    r, alpha, a, b = (float(v) for v in np.exp(found.log_parameters))
    se = standard_errors((r, alpha, a, b), found.covariance)
    return PurchaseModel(
        kind, r, alpha, a, b, se[0], se[1], se[2], se[3], found.covariance,
        found.log_likelihood, data.customers, found.evaluations, found.gradient_norm, found.converged,
    )  # fmt: skip


def log_likelihood_at(model: PurchaseModel, data: Cells) -> float:
    """Log-likelihood of the cells under a given model, e.g. of tonight's data under last month's fit."""
    return _objective(data, model.kind)(np.log(np.asarray(model.parameters)))[0]


def _objective(data: Cells, kind: PurchaseKind) -> Objective:
    if kind == "pareto_nbd":
        pareto = ParetoTables.of(data)
        return lambda theta: pareto_log_likelihood(pareto, theta)
    tables = _Tables.of(data, 0 if kind == "bg_nbd" else 1)
    return lambda theta: _log_likelihood(tables, theta)


@dataclass(frozen=True, eq=False)
class _Tables:
    """What the likelihood reads: histograms of x and T, and cells with indices into distinct values."""

    m: int
    x_values: FloatArray
    x_weight: FloatArray
    day_weeks: FloatArray
    day_weight: FloatArray
    day_weight_x: FloatArray
    x: FloatArray
    x_index: IntArray
    t_x_index: IntArray
    T_index: IntArray
    n: FloatArray

    @staticmethod
    def of(data: Cells, m: int) -> _Tables:
        n = data.n.astype(np.float64)
        x_values, x_index = places(data.x)
        days, day_index = places(np.concatenate([data.T_days, data.t_x_days]))
        T_index, t_x_index = day_index[: len(data)], day_index[len(data) :]
        soft = np.ones(len(data), dtype=bool) if m == 1 else data.x > 0
        return _Tables(
            m,
            x_values.astype(np.float64),
            totals(x_index, n, len(x_values)),
            days / DAYS_PER_WEEK,
            totals(T_index, n, len(days)),
            totals(T_index, n * data.x, len(days)),
            data.x[soft].astype(np.float64), x_index[soft], t_x_index[soft], T_index[soft], n[soft],
        )  # fmt: skip


def _log_likelihood(tables: _Tables, theta: FloatArray) -> Derivatives:
    """Value, gradient and Hessian at theta = (ln r, ln alpha, ln a, ln b)."""
    p = np.exp(theta)
    value, g, h = _x_terms(tables, *map(float, p))
    for part in (_T_terms(tables, float(p[0]), float(p[1])), _soft_terms(tables, *map(float, p))):
        value, g, h = value + part[0], g + part[1], h + part[2]
    return float(value), p * g, p[:, None] * p[None, :] * h + np.diag(p * g)


def _x_terms(t: _Tables, r: float, alpha: float, a: float, b: float) -> Derivatives:
    x, w = t.x_values, t.x_weight
    k, total = b + x + t.m, float(w.sum())
    lg, psi = special.gammaln, special.psi
    ln_alpha = float(np.log(alpha))
    gammas = lg(r + x) - lg(r) + lg(k) - lg(a + k) + lg(a + b) - lg(b)
    value = float((w * gammas).sum()) + total * r * ln_alpha
    g_r = float((w * (psi(r + x) - psi(r))).sum()) + total * ln_alpha
    g_a = float((w * (psi(a + b) - psi(a + k))).sum())
    g_b = float((w * (psi(k) - psi(b))).sum()) + g_a
    h = np.zeros((4, 4))
    h[0, 0] = (w * (_trigamma(r + x) - _trigamma(np.array([r])))).sum()
    h[0, 1] = h[1, 0] = total / alpha
    h[1, 1] = -total * r / alpha**2
    h[2, 2] = h[2, 3] = h[3, 2] = (w * (_trigamma(np.array([a + b])) - _trigamma(a + k))).sum()
    h[3, 3] = h[2, 2] + (w * (_trigamma(k) - _trigamma(np.array([b])))).sum()
    return value, np.array([g_r, total * r / alpha, g_a, g_b]), h


def _T_terms(t: _Tables, r: float, alpha: float) -> Derivatives:
    weeks = alpha + t.day_weeks
    logs, exposure = np.log(weeks), t.day_weight * r + t.day_weight_x
    h = np.zeros((4, 4))
    h[0, 1] = h[1, 0] = -(t.day_weight / weeks).sum()
    h[1, 1] = (exposure / weeks**2).sum()
    slope = np.array([-(t.day_weight * logs).sum(), -(exposure / weeks).sum(), 0.0, 0.0])
    return -float((exposure * logs).sum()), slope, h


def _soft_terms(t: _Tables, r: float, alpha: float, a: float, b: float) -> Derivatives:
    logs, inverse = np.log(alpha + t.day_weeks), 1.0 / (alpha + t.day_weeks)
    # for BG/NBD the cells with x = 0 are left out; their place in this table is never read
    leave = np.where(t.x_values + t.m > 0, b + t.x_values - 1 + t.m, 1.0)
    log_odds, minus_inverse = np.log(a) - np.log(leave), -1.0 / leave
    value, g, h = 0.0, np.zeros(4), np.zeros((4, 4))
    for i in range(0, len(t.x), CHUNK):
        rows = slice(i, i + CHUNK)
        T, t_x, x = t.T_index[rows], t.t_x_index[rows], t.x_index[rows]
        w, k = t.n[rows], r + t.x[rows]
        u_r = logs.take(T) - logs.take(t_x)
        at_T, at_t_x = inverse.take(T), inverse.take(t_x)
        u_r_alpha = at_T - at_t_x
        u_alpha = k * u_r_alpha
        u_alpha_alpha = u_alpha * -(at_T + at_t_x)
        u_b = minus_inverse.take(x)
        u = log_odds.take(x) + k * u_r
        small = np.exp(-np.abs(u))
        both, up = 1.0 + small, u >= 0
        value += _sum(w, np.maximum(u, 0.0) + np.log(both))
        ws = w * np.where(up, 1.0, small) / both
        wv = ws * np.where(up, small, 1.0) / both
        s, v, vr, va, vb = ws.sum(), wv.sum(), wv * u_r, wv * u_alpha, wv * u_b
        wb = ws * u_b
        g += _sum(ws, u_r), _sum(ws, u_alpha), s / a, wb.sum()
        h[0, 0] += _sum(vr, u_r)
        h[0, 1] += _sum(vr, u_alpha) + _sum(ws, u_r_alpha)
        h[0, 2] += vr.sum() / a
        h[0, 3] += _sum(vr, u_b)
        h[1, 1] += _sum(va, u_alpha) + _sum(ws, u_alpha_alpha)
        h[1, 2] += va.sum() / a
        h[1, 3] += _sum(va, u_b)
        h[2, 2] += (v - s) / a**2
        h[2, 3] += vb.sum() / a
        h[3, 3] += _sum(vb, u_b) + _sum(wb, u_b)
    return value, g, h + np.triu(h, 1).T


def _sum(left: FloatArray, right: FloatArray) -> float:
    """The sum of products; einsum needs no array for them and starts no threads of BLAS."""
    return float(np.einsum("i,i->", left, right))


def _start(data: Cells, kind: PurchaseKind) -> tuple[float, float, float, float]:
    """Near the peak when histories are many: two passes fewer over all of them."""
    if len(data) > THINNED_ABOVE:
        rows = slice(None, None, THINNING)
        thinned = fit_purchases(
            Cells(data.x[rows], data.t_x_days[rows], data.T_days[rows], data.n[rows]), kind
        )
        if thinned.converged:
            return thinned.parameters
    return _default_start(data, kind)


def _default_start(data: Cells, kind: PurchaseKind) -> tuple[float, float, float, float]:
    """The pooled rate over the time customers may have stayed, and one in four leaving after a purchase.

    For Pareto/NBD, which has no such chance: half as many lifetimes as purchases per week.
    """
    weeks = float((data.n * (data.t_x_days + data.T_days)).sum()) / (2 * DAYS_PER_WEEK)
    purchases = float((data.n * data.x).sum())
    alpha = min(max(0.5 * (weeks + 1.0) / (purchases + 1.0), 1e-2), 1e4)
    return (0.5, alpha, 0.5, 2.0 * alpha) if kind == "pareto_nbd" else (0.5, alpha, 1.0, 3.0)


def _trigamma(values: FloatArray) -> FloatArray:
    """Second derivative of ln gamma."""
    found: FloatArray = special.zeta(2.0, values)
    return found
