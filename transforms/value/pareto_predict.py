"""What Pareto/NBD says about customers, in weeks on flat columns; predict.py and expectation.py call it.

Given alive at T the purchase rate is gamma (k = r+x, alpha+T) and the rate of leaving gamma (s, beta+T), of
each other independent (Schmittlein, Morrison, Colombo 1987; Fader, Hardie 2005 and 2014, notes on the
Pareto/NBD). Expected purchases are closed; what the papers write with 2F1 is here the integral it comes from,
over the time of leaving or of the next purchase, by the double exponential rule of Takahasi and Mori (1974):
a fixed set of nodes, good to 1e-8 whether the integrand falls within an hour or over decades. Every function
is elementwise: a row's figure never depends on the other rows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from transforms.value.cells import FloatArray
from transforms.value.purchase_model import PurchaseModel

CHUNK = 4096
NODES: FloatArray = np.arange(-32.0, 33.0) * 0.1
FINE_NODES: FloatArray = np.arange(-64.0, 65.0) * 0.05
"""For integrands with a peak of their own."""
FARTHEST_WEEKS = 52_200.0
"""A purchase that has not come in a thousand years never comes."""
NEWTON_STEPS = 100
Nodes = tuple[FloatArray, FloatArray, FloatArray]


def log_odds_gone(model: PurchaseModel, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
    """u = ln (P(left by T) / P(alive at T)); minus infinity right after a purchase."""
    return _by_row(lambda *rows: _gone(model, *rows)[0][None], 1, x, t_x, T)[0]


def log_odds_slopes(
    model: PurchaseModel, x: FloatArray, t_x: FloatArray, T: FloatArray
) -> tuple[FloatArray, ...]:
    """Derivatives of u by ln r, ln alpha, ln s, ln beta; zero right after a purchase."""
    return tuple(_by_row(lambda *rows: _slopes(model, *rows), 4, x, t_x, T))


def buys_if_alive(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
    """P(a purchase within t | alive at T): the integral of rate x both survivals over its moment."""
    return _by_row(lambda *rows: _buys(model, *rows)[None], 1, x, T, t)[0]


def expected_purchases_if_alive(
    model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray
) -> FloatArray:
    """k/(alpha+T) (beta+T)/(s-1) (1 - ((beta+T)/(beta+T+t))^(s-1)), without its hole at s = 1."""
    r, alpha, s, beta = model.parameters
    log = np.log1p(t / (beta + T))
    fall = (1.0 - s) * log
    weeks = np.where(fall == 0, 1.0, special.expm1(fall) / np.where(fall == 0, 1.0, fall)) * log * (beta + T)
    found: FloatArray = (r + x) / (alpha + T) * weeks
    return found


def pairs_of_purchases_if_alive(
    model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray
) -> FloatArray:
    """E[Y(Y-1) | alive] = E[rate^2] x E[(time here within t)^2]."""
    r, alpha, s, beta = model.parameters

    def rows(x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
        tau, _, weight = _nodes(t, -np.log1p(s * t / (beta + T)), NODES)
        here = (weight * 2.0 * tau * np.exp(-s * np.log1p(tau / (beta + T)[:, None]))).sum(axis=1)
        found: FloatArray = (r + x) * (r + x + 1.0) / (alpha + T) ** 2 * here
        return found[None]

    return _by_row(rows, 1, x, T, t)[0]


def purchases_if_alive(
    model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray, y: FloatArray
) -> FloatArray:
    """P(exactly y purchases within t | alive at T): negative binomial counts until t or until leaving."""
    return _by_row(lambda *rows: _counts(model, *rows)[None], 1, x, T, t, y)[0]


def at_least_if_alive(
    model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray, n: FloatArray
) -> FloatArray:
    """P(n purchases or more within t | alive at T), n >= 1: the n-th comes while the customer is here."""
    return _by_row(lambda *rows: _nth(model, *rows)[None], 1, x, T, t, n)[0]


def weeks_until_bought(model: PurchaseModel, x: FloatArray, T: FloatArray, share: FloatArray) -> FloatArray:
    """The t with buys_if_alive(t) = share; NaN where it stays below for ever.

    In y = ln(1 + t/(alpha+T)) the probability is concave, and without leaving the answer is known and
    earlier: Newton's steps from there rise to the root and never pass it.
    """
    r, alpha, s, beta = model.parameters

    def rows(x: FloatArray, T: FloatArray, share: FloatArray) -> FloatArray:
        k, A, B = r + x, alpha + T, beta + T
        y = -np.log1p(-share) / k
        reached = _buys(model, x, T, np.full_like(T, FARTHEST_WEEKS)) > share
        todo = np.flatnonzero(reached)
        for _ in range(NEWTON_STEPS):
            t = A[todo] * np.expm1(y[todo])
            short = share[todo] - _buys(model, x[todo], T[todo], t)
            slope = k[todo] * np.exp(-k[todo] * y[todo] - s * np.log1p(t / B[todo]))
            step = np.maximum(short, 0.0) / slope
            y[todo] += step
            todo = todo[step > 1e-12 * y[todo]]
            if len(todo) == 0:
                break
        return np.where(reached, A * np.expm1(np.where(reached, y, 0.0)), np.nan)[None]

    return _by_row(rows, 1, x, T, share)[0]


def _gone(
    model: PurchaseModel, x: FloatArray, t_x: FloatArray, T: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """u, and the moments of leaving with their probabilities given that the customer left."""
    r, alpha, s, beta = model.parameters
    k, silence = r + x, T - t_x
    centre = -np.log1p(silence * (k / (alpha + t_x) + (s + 1.0) / (beta + t_x)))
    after, left, weight = _nodes(silence, centre, NODES)
    tau = t_x[:, None] + after
    log = k[:, None] * np.log1p(left / (alpha + tau)) + s * np.log1p(left / (beta + tau)) - np.log(beta + tau)
    top = log.max(axis=1)
    density = weight * np.exp(log - top[:, None])
    total = density.sum(axis=1)
    some = total > 0
    safe = np.where(some, total, 1.0)
    u = np.where(some, np.log(s) + top + np.log(safe), -np.inf)
    return u, tau, density / safe[:, None]


def _slopes(model: PurchaseModel, x: FloatArray, t_x: FloatArray, T: FloatArray) -> FloatArray:
    r, alpha, s, beta = model.parameters
    k, (u, tau, density) = r + x, _gone(model, x, t_x, T)
    left = T[:, None] - tau
    by_r = (density * np.log1p(left / (alpha + tau))).sum(axis=1)
    by_alpha = k * (1.0 / (alpha + T) - (density / (alpha + tau)).sum(axis=1))
    by_s = 1.0 / s + (density * np.log1p(left / (beta + tau))).sum(axis=1)
    by_beta = s / (beta + T) - (s + 1.0) * (density / (beta + tau)).sum(axis=1)
    found: FloatArray = np.stack([r * by_r, alpha * by_alpha, s * by_s, beta * by_beta])
    return np.where(np.isfinite(u), found, 0.0)


def _buys(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray) -> FloatArray:
    r, alpha, s, beta = model.parameters
    k, A, B = (r + x)[:, None], (alpha + T)[:, None], (beta + T)[:, None]
    tau, _, weight = _nodes(t, -np.log1p(t * ((r + x + 1.0) / A[:, 0] + s / B[:, 0])), NODES)
    survives = np.exp(-k * np.log1p(tau / A) - s * np.log1p(tau / B))
    found: FloatArray = (weight * k / (A + tau) * survives).sum(axis=1)
    return np.clip(found, 0.0, 1.0)


def _counts(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray, y: FloatArray) -> FloatArray:
    r, alpha, s, beta = model.parameters
    k, A, B = r + x, alpha + T, beta + T
    ways = special.gammaln(k + y) - special.gammaln(k) - special.gammaln(y + 1.0)
    to_the_end = np.exp(ways + _log_count(t, k, A, y) - s * np.log1p(t / B))
    centre, width = _peak(t, k, A, B, s, y)
    tau, _, weight = _nodes(t, centre, FINE_NODES, width)
    columns = (k[:, None], A[:, None], y[:, None])
    log = ways[:, None] + _log_count(tau, *columns) - (s + 1.0) * np.log1p(tau / B[:, None])
    found: FloatArray = to_the_end + (weight * np.exp(log)).sum(axis=1) * s / B
    return found


def _nth(model: PurchaseModel, x: FloatArray, T: FloatArray, t: FloatArray, n: FloatArray) -> FloatArray:
    r, alpha, s, beta = model.parameters
    k, A, B = r + x, alpha + T, beta + T
    ways = special.gammaln(k + n) - special.gammaln(k) - special.gammaln(n)
    centre, width = _peak(t, k, A, B, s - 1.0, n - 1.0)
    tau, _, weight = _nodes(t, centre, FINE_NODES, width)
    log = ways[:, None] + _log_count(tau, k[:, None], A[:, None], n[:, None]) - np.log(tau)
    found: FloatArray = (weight * np.exp(log - s * np.log1p(tau / B[:, None]))).sum(axis=1)
    return np.clip(found, 0.0, 1.0)


def _log_count(tau: FloatArray, k: FloatArray, A: FloatArray, y: FloatArray) -> FloatArray:
    """ln of a negative binomial count over tau, but for the number of its ways."""
    found: FloatArray = special.xlogy(y, tau / (A + tau)) - k * np.log1p(tau / A)
    return found


def _peak(
    t: FloatArray, k: FloatArray, A: FloatArray, B: FloatArray, s: float, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where in logit(tau/t) the integrand of a count peaks, by bisection of its slope, and how widely."""
    low, high = np.full_like(t, -60.0), np.full_like(t, 40.0)
    for _ in range(40):
        v = (low + high) / 2
        p = special.expit(v)
        tau = t * p
        slope = (1 - 2 * p) + (1 - p) * (y - (y + k) * tau / (A + tau) - (s + 1.0) * tau / (B + tau))
        low, high = np.where(slope > 0, v, low), np.where(slope > 0, high, v)
    p = special.expit(low)
    tau = t * p
    bend = p + (1 - p) ** 2 * ((y + k) * tau * A / (A + tau) ** 2 + (s + 1.0) * tau * B / (B + tau) ** 2)
    return low, np.clip(4.0 / np.sqrt(np.maximum(bend, 1e-12)), 0.0, np.pi)


def _nodes(
    length: FloatArray, centre: FloatArray, at: FloatArray, width: FloatArray | float = np.pi
) -> Nodes:
    """Moments in (0, length), what is left after each, and weights: rows by nodes.

    logit(moment / length) = centre + width sinh(w), w in equal steps; the centre is where the mass lies.
    """
    wide = np.broadcast_to(np.asarray(width, dtype=np.float64), length.shape)[:, None]
    v = centre[:, None] + wide * np.sinh(at)
    p, rest = special.expit(v), special.expit(-v)
    weight = length[:, None] * p * rest * wide * (np.cosh(at) * (at[1] - at[0]))
    return length[:, None] * p, length[:, None] * rest, weight


def _by_row(rows: Callable[..., FloatArray], outputs: int, *columns: FloatArray) -> FloatArray:
    """`rows` on flat pieces of the distinct rows of the broadcast columns, put back behind the outputs."""
    wide = np.broadcast_arrays(*(np.asarray(column, dtype=np.float64) for column in columns))
    flat = [column.ravel() for column in wide]
    order = np.lexsort(flat)
    new = np.ones(len(order), dtype=bool)
    if len(order):
        new[1:] = np.any([column[order[1:]] != column[order[:-1]] for column in flat], axis=0)
    distinct, place = order[new], np.empty(len(order), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    found = np.zeros((outputs, len(distinct)))
    for i in range(0, len(distinct), CHUNK):
        found[:, i : i + CHUNK] = rows(*(column[distinct[i : i + CHUNK]] for column in flat))
    return found[:, place].reshape(outputs, *wide[0].shape)
