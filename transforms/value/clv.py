"""Customer lifetime value over a horizon: the expected discounted margin and an 80 % interval around it.

Point: P(alive) x DET(x, T) x E[margin per purchase]. The interval covers what the customer will really bring,
so it holds three uncertainties: how many purchases come, how large they are, and how well the parameters are
known. The outcome is zero with the model's exact probability; its positive part is a gamma with the exact
mean and variance (compound of purchases and Gamma-Gamma amounts) plus the parameters' variance by the delta
method. What depends on (x, T) alone comes from value_lookup, made once per distinct pair.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from transforms.value.cells import FloatArray, check_histories, whole_numbers
from transforms.value.expectation import expected_if_alive, second_moment_if_alive
from transforms.value.gamma_gamma import (
    SpendModel,
    expected_value,
    inverse_scale_squared,
    log_gradient_of_expected_value,
)
from transforms.value.newton import Matrix
from transforms.value.predict import (
    discounted_if_alive,
    distinct_pairs,
    log_odds_slopes,
    p_alive,
    p_silent_if_alive,
)
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import CALENDAR, SeasonalTime

COVERAGE = 0.80
"""Share of realised values in [clv_low, clv_high], as far as the mass at zero allows it."""
CHUNK = 8192
LOG_STEP = 1e-4
MOST_PARAMETER_VARIANCE = 4.0
SLOPES = ("slope_r", "slope_alpha", "slope_a", "slope_b")
COLUMNS = ("expected_purchases", "expected_margin_per_purchase", "clv", "clv_low", "clv_high", "p_alive",
           "p_no_purchase")  # fmt: skip
SUM_TERMS = ("outcome_variance", "value_by_r", "value_by_alpha", "value_by_a", "value_by_b", "value_by_p",
             "value_by_q", "value_by_gamma")  # fmt: skip


def value_lookup(
    model: PurchaseModel,
    xs: ArrayLike,
    Ts: ArrayLike,
    horizon_days: int,
    discount_rate: float,
    time: SeasonalTime = CALENDAR,
) -> pd.DataFrame:
    """One row per pair of x and T_days, as given (distinct_pairs); every column is given alive.

    T_days are of `time`, in which the model was fitted; the horizon is calendar days.

    expected, discounted (purchases), silent (probability of none), second_moment (of the purchases) and the
    slopes of ln expected by the logarithms of r, alpha, a, b.
    """
    span = time.ahead(horizon_days)
    lookup = pd.DataFrame(
        {
            "x": xs,
            "T_days": Ts,
            "expected": expected_if_alive(model, xs, Ts, span),
            "discounted": discounted_if_alive(model, xs, Ts, horizon_days, discount_rate, time),
            "silent": p_silent_if_alive(model, xs, Ts, span),
            "second_moment": second_moment_if_alive(model, xs, Ts, span),
        }
    )
    for i, slope in enumerate(SLOPES):
        logs = []
        for sign in (1.0, -1.0):
            moved = list(model.parameters)
            moved[i] *= float(np.exp(sign * LOG_STEP))
            logs.append(np.log(expected_if_alive(model.with_parameters(*moved), xs, Ts, span)))
        lookup[slope] = (logs[0] - logs[1]) / (2 * LOG_STEP)
    return lookup


def customer_value(
    customers: pd.DataFrame,
    purchase: PurchaseModel,
    spend: SpendModel,
    horizon_days: int,
    discount_rate: float,
    margin_rate: ArrayLike = 1.0,
    time: SeasonalTime = CALENDAR,
) -> pd.DataFrame:
    """One row per row of `customers`, same order and index, never NaN: the COLUMNS above.

    customers: x, t_x_days, T_days, spend_count, mean_value (in the convention of the spend model's fit;
    mean_value may be missing where spend_count is 0). margin_rate: the share of the amounts that is margin,
    one number or one per row; 1 when the spend model was fitted on margins. discount_rate: per year. time: in
    which the histories are counted and the purchase model was fitted; the horizon is calendar days.

    0 <= clv_low <= clv <= clv_high. Where no purchase at all has probability 10 % or more, the interval
    starts at 0 and the 20 % left out lie above it; else 10 % lie on either side. Where no purchase has
    probability 80 % or more it is [0, clv] and covers more than it says. Raises ValueError on an impossible
    history or a missing mean.
    """
    return _over_chunks(
        _value, COLUMNS, customers, purchase, spend, horizon_days, discount_rate, margin_rate, time
    )


def sum_terms(
    customers: pd.DataFrame,
    purchase: PurchaseModel,
    spend: SpendModel,
    horizon_days: int,
    discount_rate: float,
    margin_rate: ArrayLike = 1.0,
    time: SeasonalTime = CALENDAR,
) -> pd.DataFrame:
    """What a sum over customers needs for an interval of its own, one row per row of `customers`.

    outcome_variance: of what the customer brings, were the parameters known; independent between customers,
    so that variances add up. value_by_*: the derivative of the clv by the logarithm of a parameter; what is
    unknown of the parameters is the same for all, so that derivatives add up (sum_interval).
    """
    return _over_chunks(
        _sum_terms, SUM_TERMS, customers, purchase, spend, horizon_days, discount_rate, margin_rate, time
    )


def sum_interval(
    terms: pd.DataFrame, total: ArrayLike, purchase: PurchaseModel, spend: SpendModel
) -> tuple[FloatArray, FloatArray]:
    """(low, high), 10 % and 90 % quantiles of sums: `terms` holds the sums of sum_terms, `total` of the clv.

    A sum is gamma with its exact mean, the variance of outcomes and the parameters' variance (delta method).
    """
    mean = np.asarray(total, dtype=np.float64)
    slopes = [terms[name].to_numpy(np.float64) for name in SUM_TERMS[1:]]
    unknown = _quadratic(slopes[: len(SLOPES)], purchase.covariance)
    unknown = unknown + _quadratic(slopes[len(SLOPES) :], spend.covariance)
    unknown = np.minimum(unknown, MOST_PARAMETER_VARIANCE * mean**2)
    return gamma_interval(mean, terms["outcome_variance"].to_numpy(np.float64) + unknown)


def gamma_interval(mean: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(low, high), 10 % and 90 % quantiles of gammas of these means and variances, the mean between them."""
    some = (mean > 0) & (variance > 0)
    relative = np.where(some, variance, 1.0) / np.where(some, mean, 1.0) ** 2
    low, high = (
        np.where(some, mean * relative * special.gammaincinv(1.0 / relative, level), mean)
        for level in ((1.0 - COVERAGE) / 2, (1.0 + COVERAGE) / 2)
    )
    return np.minimum(low, mean), np.maximum(high, mean)


Compute = Callable[
    [dict[str, FloatArray], dict[str, FloatArray], PurchaseModel, SpendModel], tuple[FloatArray, ...]
]


def _over_chunks(
    compute: Compute,
    names: tuple[str, ...],
    customers: pd.DataFrame,
    purchase: PurchaseModel,
    spend: SpendModel,
    horizon_days: int,
    discount_rate: float,
    margin_rate: ArrayLike,
    time: SeasonalTime,
) -> pd.DataFrame:
    rows = _checked(customers, margin_rate)
    xs, Ts, place = distinct_pairs(customers["x"], customers["T_days"])
    lookup = value_lookup(purchase, xs, Ts, horizon_days, discount_rate, time)
    pairs = {name: lookup[name].to_numpy() for name in lookup.columns if name not in ("x", "T_days")}
    found = np.zeros((len(names), len(customers)))
    for i in range(0, len(customers), CHUNK):
        chunk = slice(i, i + CHUNK)
        here = {name: values[chunk] for name, values in rows.items()}
        there = {name: values[place[chunk]] for name, values in pairs.items()}
        found[:, chunk] = compute(here, there, purchase, spend)
    return pd.DataFrame(dict(zip(names, found, strict=True)), index=customers.index)


def _checked(customers: pd.DataFrame, margin_rate: ArrayLike) -> dict[str, FloatArray]:
    names = ("x", "t_x_days", "T_days", "spend_count")
    whole = {name: whole_numbers(customers[name], name) for name in names}
    check_histories(whole["x"], whole["t_x_days"], whole["T_days"])
    mean = customers["mean_value"].to_numpy(np.float64, na_value=np.nan)
    mean = np.where(whole["spend_count"] > 0, mean, 0.0)
    rate = np.broadcast_to(np.asarray(margin_rate, dtype=np.float64), len(customers))
    for name, values in (("mean_value", mean), ("margin_rate", rate)):
        if not np.isfinite(values).all():
            raise ValueError(f"{name} has missing or infinite values")
    rows = {name: values.astype(np.float64) for name, values in whole.items()}
    return {**rows, "mean_value": mean, "margin_rate": np.maximum(rate, 0.0)}


def _value(
    row: dict[str, FloatArray], pair: dict[str, FloatArray], purchase: PurchaseModel, spend: SpendModel
) -> tuple[FloatArray, ...]:
    alive = p_alive(purchase, row["x"], row["t_x_days"], row["T_days"])
    bought = (row["spend_count"], row["mean_value"])
    margin = row["margin_rate"] * expected_value(spend, *bought)
    point = alive * pair["discounted"] * margin
    some = 1.0 - pair["silent"]
    nothing = 1.0 - alive * some

    mean = pair["discounted"] * margin / some
    second = _second_moment(row, pair, spend) / some
    unknown = _parameter_variance(row, pair, alive, purchase, spend)
    relative = np.maximum(second / np.where(mean > 0, mean, 1.0) ** 2 - 1.0, 1e-9) + unknown
    low, high = _interval(nothing, mean, relative)
    return (
        alive * pair["expected"], margin, point,
        np.minimum(low, point), np.maximum(high, point), alive, nothing,
    )  # fmt: skip


def _sum_terms(
    row: dict[str, FloatArray], pair: dict[str, FloatArray], purchase: PurchaseModel, spend: SpendModel
) -> tuple[FloatArray, ...]:
    alive = p_alive(purchase, row["x"], row["t_x_days"], row["T_days"])
    point = (
        alive
        * pair["discounted"]
        * row["margin_rate"]
        * expected_value(spend, row["spend_count"], row["mean_value"])
    )
    second = alive * _second_moment(row, pair, spend)
    purchases, amounts = _log_slopes(row, pair, alive, purchase, spend)
    return np.maximum(second - point**2, 0.0), *(point * slope for slope in (*purchases, *amounts))


def _second_moment(row: dict[str, FloatArray], pair: dict[str, FloatArray], spend: SpendModel) -> FloatArray:
    """E[what is brought ^2 | alive]."""
    discount = pair["discounted"] / pair["expected"]
    scale = inverse_scale_squared(spend, row["spend_count"], row["mean_value"])
    squares = (row["margin_rate"] * discount) ** 2 * scale
    found: FloatArray = squares * (spend.p * pair["expected"] + spend.p**2 * pair["second_moment"])
    return found


def _interval(nothing: FloatArray, mean: FloatArray, relative: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Quantiles of `nothing` at zero and else a gamma with this mean and squared coefficient of variation."""
    tail = (1.0 - COVERAGE) / 2
    from_zero = nothing >= tail
    lower = np.where(from_zero, 0.0, tail)
    upper = np.where(from_zero, COVERAGE, 1.0 - tail)
    some = np.maximum(1.0 - nothing, 1e-300)
    scale, shape = mean * relative, 1.0 / relative
    low = np.zeros_like(mean)
    above = ~from_zero
    low[above] = scale[above] * _quantile(shape[above], lower[above], nothing[above], some[above])
    return low, scale * _quantile(shape, upper, nothing, some)


def _quantile(shape: FloatArray, level: FloatArray, nothing: FloatArray, some: FloatArray) -> FloatArray:
    """Of a gamma of scale 1, at the level that is left of it above `nothing`."""
    found: FloatArray = special.gammaincinv(shape, np.clip((level - nothing) / some, 0.0, 1.0))
    return found


def _parameter_variance(
    row: dict[str, FloatArray],
    pair: dict[str, FloatArray],
    alive: FloatArray,
    purchase: PurchaseModel,
    spend: SpendModel,
) -> FloatArray:
    """Variance of ln(point) because the parameters are estimates (delta method), capped."""
    purchases, amounts = _log_slopes(row, pair, alive, purchase, spend)
    total = _quadratic(purchases, purchase.covariance) + _quadratic(amounts, spend.covariance)
    return np.minimum(total, MOST_PARAMETER_VARIANCE)


def _log_slopes(
    row: dict[str, FloatArray],
    pair: dict[str, FloatArray],
    alive: FloatArray,
    purchase: PurchaseModel,
    spend: SpendModel,
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Derivatives of ln(point) by the logarithms of the parameters of either model."""
    gone = 1.0 - alive
    slopes = log_odds_slopes(purchase, row["x"], row["t_x_days"], row["T_days"])
    purchases = [pair[name] - gone * u for name, u in zip(SLOPES, slopes, strict=True)]
    return purchases, list(log_gradient_of_expected_value(spend, row["spend_count"], row["mean_value"]))


def _quadratic(slopes: list[FloatArray], covariance: Matrix | None) -> FloatArray:
    """slopes' covariance slopes, row by row; zero when the covariance is unknown."""
    total = np.zeros_like(slopes[0])
    for i, row in enumerate(covariance or ()):
        for j, value in enumerate(row):
            total += value * slopes[i] * slopes[j]
    return np.maximum(total, 0.0)
