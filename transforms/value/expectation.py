"""Expected purchases of a customer known to be alive: A(x, T; t), and its second moment.

Given alive at T, the rate is gamma (r+x, alpha+T) and the chance p to leave after a purchase is
beta (a, b+m+x), independently. A(x, T; t) = E[(1 - exp(-rate p t)) / p] is the bracket of eq. 10 in Fader,
Hardie, Lee 2005. The textbook form subtracts a Gauss 2F1 that overflows for heavy buyers and divides by zero
at a = 1; here it is Euler's transform of it, with z = t/(alpha+T+t), L = ln(1-z), b' = b+m, C = a+b'+x-1:

    A = C (-expm1((a-1) L) / (a-1)) - exp((a-1) L) sum_k (a+b'-1-r)_k (a)_(k-1) z^k / ((C+1)_(k-1) k!)

Where t is long against T the series is slow and the same expectation over p is summed by the trapezoid rule
in logit(p), which is exact to rounding there. For Pareto/NBD see pareto_predict.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from transforms.value import pareto_predict
from transforms.value.cells import FloatArray
from transforms.value.purchase_model import DAYS_PER_WEEK, PurchaseModel

CHUNK = 4096
SERIES_UP_TO_Z = 0.95
TERMS_AT_LEAST = 16
TERMS_AT_MOST = 20_000
EXACT_NODES = (-80.0, 40.0, 0.2)
"""First, last and step of logit(p): good to 1e-13."""
QUICK_NODES = (-50.0, 20.0, 0.4)
"""Good to 1e-6, enough for a variance."""
NODE_CHUNK = 64


def expected_if_alive(
    model: PurchaseModel, x: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """A(x, T; t): expected purchases in the next horizon_days given alive at T. Broadcasts; elementwise."""
    return _in_chunks(_expected, model, x, T_days, horizon_days)


def second_moment_if_alive(
    model: PurchaseModel, x: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """E[Y^2 | alive] of the purchases Y in the next horizon_days, to about 1e-6. Broadcasts; elementwise.

    E[Y(Y-1) | rate, p] = 2 (1-p)/p^2 (1 - exp(-v)(1+v)), v = rate p t: two purchases, the first not the last.
    """
    first = expected_if_alive(model, x, T_days, horizon_days)
    return first + _in_chunks(_pairs_of_purchases, model, x, T_days, horizon_days)


Rows = Callable[[PurchaseModel, FloatArray, FloatArray, FloatArray], FloatArray]


def _in_chunks(
    rows: Rows, model: PurchaseModel, x: ArrayLike, T_days: ArrayLike, h_days: ArrayLike
) -> FloatArray:
    columns = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (x, T_days, h_days)))
    count, T, t = columns[0].ravel(), columns[1].ravel() / DAYS_PER_WEEK, columns[2].ravel() / DAYS_PER_WEEK
    found = np.zeros(len(count))
    # neighbours in z need about the same number of terms
    order = np.argsort(t / (model.alpha + T + t), kind="stable")
    for i in range(0, len(order), CHUNK):
        chunk = order[i : i + CHUNK]
        found[chunk] = rows(model, count[chunk], T[chunk], t[chunk])
    return found.reshape(columns[0].shape)


def _expected(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
    if model.is_pareto:
        return pareto_predict.expected_purchases_if_alive(model, x, T, t)
    z = t / (model.alpha + T + t)
    found = np.zeros(len(x))
    short = z <= SERIES_UP_TO_Z
    found[short] = _series(model, x[short], z[short])
    found[~short] = _over_leaving(_one_purchase, EXACT_NODES, model, x[~short], T[~short], t[~short])
    return found


def _series(model: PurchaseModel, x: FloatArray, z: FloatArray) -> FloatArray:
    r, _, a, b = model.parameters
    b += model.leaves_at_once
    c, upper = a + b + x - 1.0, a + b - 1.0 - r
    fall = (a - 1.0) * np.log1p(-z)
    lead = -np.log1p(-z) if a == 1.0 else -np.expm1(fall) / (a - 1.0)
    term = upper * z
    total = term.copy()
    for k in range(1, TERMS_AT_MOST):
        term *= (upper + k) * (a + k - 1.0) / ((c + k) * (k + 1.0)) * z
        following = total + term
        # further terms are smaller still: rows that no longer move stay bit for bit what they are
        if k >= TERMS_AT_LEAST and k % 4 == 0 and np.array_equal(following, total):
            break
        total = following
    found: FloatArray = c * lead - np.exp(fall) * total
    return found


def _pairs_of_purchases(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
    if model.is_pareto:
        return pareto_predict.pairs_of_purchases_if_alive(model, x, T, t)
    return _over_leaving(_two_purchases, QUICK_NODES, model, x, T, t)


Grid = tuple[float, float, float]
Kernel = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]


def _one_purchase(p: FloatArray, _stay: FloatArray, k: FloatArray, tau: FloatArray) -> FloatArray:
    """E[(1 - exp(-rate p t)) / p] over the rate, with k = r + x and tau = t / (alpha + T)."""
    found: FloatArray = -np.expm1(-k * np.log1p(p * tau)) / p
    return found


def _two_purchases(p: FloatArray, stay: FloatArray, k: FloatArray, tau: FloatArray) -> FloatArray:
    """E[Y(Y-1)] over the rate; its Taylor form where the difference would cancel."""
    y = p * tau
    none = np.exp(-k * np.log1p(y))
    exact = (1.0 - none - k * y / (1.0 + y) * none) * 2.0 / (p * p)
    taylor = k * (k + 1.0) * tau * tau * (1.0 - (2.0 / 3.0) * (k + 2.0) * y)
    return stay * np.where(y * (k + 2.0) < 1e-5, taylor, exact)


def _over_leaving(
    kernel: Kernel, grid: Grid, model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray
) -> FloatArray:
    """The mean of kernel(p) over p ~ beta(a, b+m+x), kernel flat at both ends of logit(p).

    Beyond the nodes the integrand is a pure exponential, so both tails are added as geometric series.
    """
    if len(x) == 0:
        return np.zeros(0)
    r, alpha, a, b = model.parameters
    b_x, k, tau = (b + model.leaves_at_once + x)[:, None], (r + x)[:, None], (t / (alpha + T))[:, None]
    tau = np.maximum(tau, 1e-300)
    norm = special.betaln(a, b_x)
    step = grid[2]
    nodes = np.arange(*grid)
    total = np.zeros((len(x), 1))
    for i in range(0, len(nodes), NODE_CHUNK):
        v = nodes[i : i + NODE_CHUNK]
        p, ln_p, ln_stay = special.expit(v), special.log_expit(v), special.log_expit(-v)
        density = np.exp(a * ln_p + b_x * ln_stay - norm) * kernel(p, np.exp(ln_stay), k, tau)
        if i == 0:
            total += density[:, :1] / np.expm1(min(a * step, 700.0))
        total += density.sum(axis=1, keepdims=True)
    total += density[:, -1:] / np.expm1(np.minimum(b_x * step, 700.0))
    found: FloatArray = (total * step)[:, 0]
    return found
