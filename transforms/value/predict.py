"""What a purchase model says about customers: alive or not, silent or not, how many purchases, when next.

All functions take days, broadcast, and are elementwise: one customer's figures never depend on another's.
Histories are (x, t_x_days, T_days) as in cells.py. Probabilities lie in [0, 1]. Symbols as in expectation.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from transforms.value import pareto_predict
from transforms.value.cells import FloatArray, IntArray, places, whole_numbers
from transforms.value.expectation import expected_if_alive
from transforms.value.purchase_model import DAYS_PER_WEEK, PurchaseModel
from transforms.value.seasonal_time import CALENDAR, SeasonalTime

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def p_alive(model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike) -> FloatArray:
    """P(still a customer at T) = 1 / (1 + e^u).

    Not a churn score under bg_nbd: there every one-time buyer is surely alive (Fader, Hardie note 021).
    """
    r, alpha, a, b = model.parameters
    x, t_x, T = _columns(x, t_x_days, T_days)
    if model.is_pareto:
        here: FloatArray = special.expit(-pareto_predict.log_odds_gone(model, x, t_x, T))
        return here
    u_weeks = (r + x) * np.log1p((T - t_x) / (alpha + t_x))
    if model.leaves_at_once:
        alive: FloatArray = special.expit(np.log((b + x) / a) - u_weeks)
        return alive
    certain = x == 0
    log_odds = np.log(np.where(certain, 1.0, b + x - 1.0) / a) - u_weeks
    return np.where(certain, 1.0, special.expit(log_odds))


def log_odds_slopes(
    model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike
) -> tuple[FloatArray, ...]:
    """Derivatives of u, the log-odds of having left, by the logarithms of the four parameters.

    Their values mean nothing where the customer is surely alive.
    """
    r, alpha, _, b = model.parameters
    x, t_x, T = _columns(x, t_x_days, T_days)
    if model.is_pareto:
        return pareto_predict.log_odds_slopes(model, x, t_x, T)
    stays = b + x - 1.0 + model.leaves_at_once
    return (
        r * np.log((alpha + T) / (alpha + t_x)),
        alpha * (r + x) * (1.0 / (alpha + T) - 1.0 / (alpha + t_x)),
        np.ones_like(x),
        -b / np.where((x > 0) | (model.leaves_at_once == 1), stays, 1.0),
    )


def p_silent_if_alive(
    model: PurchaseModel, x: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """P(no purchase within the horizon | alive) = ((alpha+T) / (alpha+T+t))^(r+x).

    Under pareto_nbd, where who is alive may leave before buying, it is higher.
    """
    x, T, t = _columns(x, T_days, horizon_days)
    if model.is_pareto:
        return 1.0 - pareto_predict.buys_if_alive(model, x, T, t)
    silent: FloatArray = np.exp(-(model.r + x) * np.log1p(t / (model.alpha + T)))
    return silent


def p_no_purchase(
    model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """P(no purchase in the next horizon_days): the churn probability that can be proven wrong."""
    silent = p_silent_if_alive(model, x, T_days, horizon_days)
    return 1.0 - p_alive(model, x, t_x_days, T_days) * (1.0 - silent)


def expected_purchases(
    model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """E[purchases in the next horizon_days | history], eq. 10 of Fader, Hardie, Lee 2005 and its likes."""
    return p_alive(model, x, t_x_days, T_days) * expected_if_alive(model, x, T_days, horizon_days)


def expected_of_newcomer(model: PurchaseModel, days: ArrayLike) -> FloatArray:
    """E[X(t)]: expected repeat purchases within `days` of the first purchase, of a customer not yet met."""
    return expected_purchases(model, 0, 0, 0, days)


def next_purchase_days(
    model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, quantile: float = 0.5
) -> FloatArray:
    """Days from now by which the next purchase has come with probability `quantile`.

    NaN where it never reaches that probability: because P(alive) <= quantile or, under pareto_nbd, because
    the customer may leave first. Raises ValueError unless 0 < quantile < 1.
    """
    if not 0 < quantile < 1:
        raise ValueError(f"a quantile lies between 0 and 1, found {quantile}")
    alive = p_alive(model, x, t_x_days, T_days)
    x, T, alive = np.broadcast_arrays(*_columns(x, T_days, 0)[:2], alive)
    reached = alive > quantile
    share = np.where(reached, quantile / np.where(reached, alive, 1.0), 0.5)
    if model.is_pareto:
        days = np.full(reached.shape, np.nan)
        weeks = pareto_predict.weeks_until_bought(model, x[reached], T[reached], share[reached])
        days[reached] = weeks * DAYS_PER_WEEK
        return days
    weeks = (model.alpha + T) * np.expm1(-np.log1p(-share) / (model.r + x))
    return np.where(reached, weeks * DAYS_PER_WEEK, np.nan)


def purchases_probability(
    model: PurchaseModel,
    x: ArrayLike,
    t_x_days: ArrayLike,
    T_days: ArrayLike,
    horizon_days: ArrayLike,
    y: ArrayLike,
) -> FloatArray:
    """P(exactly y purchases in the next horizon_days | history).

    Given alive, Y is the smaller of a negative binomial count N and the purchase G after which the customer
    leaves; they are independent, so P(Y >= n) = P(N >= n) B(a, b'+x+n-1) / B(a, b'+x).
    """
    r, alpha, a, b = model.parameters
    alive = p_alive(model, x, t_x_days, T_days)
    x, T, t = _columns(x, T_days, horizon_days)
    n = np.asarray(y, dtype=np.float64)
    if model.is_pareto:
        counts: FloatArray = alive * pareto_predict.purchases_if_alive(model, x, T, t, n)
        return counts + (1.0 - alive) * (n == 0)
    k, z, b_x = r + x, t / (alpha + T + t), b + model.leaves_at_once + x
    ln_pmf = special.gammaln(k + n) - special.gammaln(k) - special.gammaln(n + 1) + special.xlogy(n, z)
    pmf = np.exp(ln_pmf + k * np.log1p(-z))
    more = special.betainc(n + 1.0, k, z)
    stays_before = np.exp(special.betaln(a, b_x + np.maximum(n, 1.0) - 1.0) - special.betaln(a, b_x))
    leaves_now = np.where(n > 0, stays_before * a / (a + b_x + n - 1.0), 0.0)
    given_alive = pmf * np.where(n > 0, stays_before, 1.0) + more * leaves_now
    found: FloatArray = alive * given_alive + (1.0 - alive) * (n == 0)
    return found


def at_least_probability(
    model: PurchaseModel,
    x: ArrayLike,
    t_x_days: ArrayLike,
    T_days: ArrayLike,
    horizon_days: ArrayLike,
    y: ArrayLike,
) -> FloatArray:
    """P(y purchases or more in the next horizon_days | history); 1 for y = 0."""
    r, alpha, a, b = model.parameters
    alive = p_alive(model, x, t_x_days, T_days)
    x, T, t = _columns(x, T_days, horizon_days)
    n = np.maximum(np.asarray(y, dtype=np.float64), 1.0)
    if model.is_pareto:
        given_alive = pareto_predict.at_least_if_alive(model, x, T, t, n)
    else:
        b_x = b + model.leaves_at_once + x
        come = special.betainc(n, r + x, t / (alpha + T + t))
        given_alive = come * np.exp(special.betaln(a, b_x + n - 1.0) - special.betaln(a, b_x))
    return np.where(np.asarray(y) > 0, alive * given_alive, 1.0)


def median_purchases(
    model: PurchaseModel, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, horizon_days: ArrayLike
) -> FloatArray:
    """The largest y with P(y purchases or more) above one half: of one number, the one closest on average.

    It is below twice the expectation (Markov), and found by halving.
    """
    history = (model, x, t_x_days, T_days, horizon_days)
    above = np.floor(2.0 * expected_purchases(*history)) + 1.0
    reached = np.zeros_like(above)
    while (above - reached > 1).any():
        middle = np.floor((reached + above) / 2)
        likely = at_least_probability(*history, middle) > 0.5
        reached, above = np.where(likely, middle, reached), np.where(likely, above, middle)
    return reached


def discounted_if_alive(
    model: PurchaseModel,
    x: ArrayLike,
    T_days: ArrayLike,
    horizon_days: int,
    discount_rate: float,
    time: SeasonalTime = CALENDAR,
) -> FloatArray:
    """DET: expected purchases within the horizon given alive, each discounted to today.

    The horizon is cut into equal steps of about a month; a step's purchases are discounted from its middle
    at discount_rate a year (Fader, Hardie, Lee 2005, JMR 42(4) 415-430, in discrete steps). T_days are of
    `time`, the horizon and the discount of the calendar.
    Raises ValueError when the horizon is below one day or the rate is at or below -1.
    """
    if horizon_days < 1 or discount_rate <= -1:
        raise ValueError(
            f"horizon_days must be at least 1 and discount_rate above -1: {horizon_days}, {discount_rate}"
        )
    steps = max(1, round(horizon_days / DAYS_PER_MONTH))
    step_days = horizon_days / steps
    total = before = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(T_days)))
    for j in range(1, steps + 1):
        after = expected_if_alive(model, x, T_days, time.ahead(j * step_days))
        total = total + (after - before) * (1.0 + discount_rate) ** (-(j - 0.5) * step_days / DAYS_PER_YEAR)
        before = after
    return total


def distinct_pairs(x: ArrayLike, T_days: ArrayLike) -> tuple[IntArray, IntArray, IntArray]:
    """Sorted distinct (x, T_days) and, for each row, the place of its pair."""
    count, T = whole_numbers(x, "x"), whole_numbers(T_days, "T_days")
    width = int(T.max(initial=0)) + 1
    codes, place = places(count * width + T)
    return codes // width, codes % width, place


def expectation_lookup(
    model: PurchaseModel, x: ArrayLike, T_days: ArrayLike, horizons_days: Sequence[int], discount_rate: float
) -> pd.DataFrame:
    """One row per distinct (x, T_days, horizon_days), sorted by it, for SQL to join.

    Given alive: expected_if_alive and discounted_if_alive (purchases), silent_if_alive (probability).
    A customer's figures are p_alive times the first two, and 1 - p_alive (1 - silent_if_alive).
    """
    xs, Ts, _ = distinct_pairs(x, T_days)
    parts = [
        pd.DataFrame(
            {
                "x": xs,
                "T_days": Ts,
                "horizon_days": np.int64(horizon),
                "expected_if_alive": expected_if_alive(model, xs, Ts, horizon),
                "discounted_if_alive": discounted_if_alive(model, xs, Ts, horizon, discount_rate),
                "silent_if_alive": p_silent_if_alive(model, xs, Ts, horizon),
            }
        )
        for horizon in sorted(set(horizons_days))
    ]
    if not parts:
        raise ValueError("expectation_lookup needs at least one horizon")
    lookup = pd.concat(parts, ignore_index=True)
    return lookup.sort_values(["x", "T_days", "horizon_days"], ignore_index=True)


def _columns(first: ArrayLike, *days: ArrayLike) -> tuple[FloatArray, ...]:
    """A count as float, and day columns as weeks."""
    weeks = tuple(np.asarray(column, dtype=np.float64) / DAYS_PER_WEEK for column in days)
    return np.asarray(first, dtype=np.float64), *weeks
