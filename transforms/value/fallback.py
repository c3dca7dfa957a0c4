"""Small data: models that always exist, and the ladder from a fit down to them.

fallback_pooled_rate is an empirical-Bayes Gamma-Poisson rate with the dropout of MBG/NBD at an assumed
strength. It has the form of mbg_nbd, so every prediction, interval and SQL expression works on it unchanged.
"""

from __future__ import annotations

import math

import numpy as np

from transforms.value.btyd import fit_purchases, log_likelihood_at
from transforms.value.cells import Cells, FloatArray
from transforms.value.gamma_gamma import SpendCells, SpendModel, fit_spend
from transforms.value.newton import Matrix, Prior, standard_errors
from transforms.value.predict import p_alive
from transforms.value.purchase_model import DAYS_PER_WEEK, PurchaseKind, PurchaseModel

MINIMUM_CUSTOMERS = 100
MINIMUM_REPEAT_CUSTOMERS = 30
MOST_LOG_SD = 2.0
"""A parameter known no better than within a factor of 50 is not estimated at all."""

ASSUMED_A, ASSUMED_B = 1.0, 3.0
"""Assumed, not estimated: one customer in four leaves after a purchase."""
ASSUMED_S = 1.0
"""Of Pareto/NBD: how alike customers are in when they leave."""
ASSUMED_R, SMALLEST_R, LARGEST_R = 0.5, 0.2, 3.0
ASSUMED_PURCHASES, ASSUMED_WEEKS = 0.5, 26.0
"""What is known before any data: one purchase a year, worth half a purchase of evidence."""
ASSUMED_LOG_SD = 0.5
ASSUMED_P = ASSUMED_Q = 4.0


def purchase_model(
    data: Cells, kind: PurchaseKind = "mbg_nbd", start: PurchaseModel | None = None
) -> tuple[PurchaseModel, str]:
    """The best model these data support, and why it is not the plain fit (empty when it is).

    kind: mbg_nbd, bg_nbd or pareto_nbd. Maximum likelihood; if that is degenerate, with a weak prior around
    the pooled rate; if that fails too or there are fewer than 100 customers or 30 with a repeat purchase,
    fallback_pooled_rate.
    """
    pooled = pooled_rate(data)
    if data.customers < MINIMUM_CUSTOMERS:
        return pooled, f"{data.customers} customers, {MINIMUM_CUSTOMERS} are needed for a fit"
    if data.repeat_customers < MINIMUM_REPEAT_CUSTOMERS:
        repeat = data.repeat_customers
        return pooled, f"{repeat} repeat customers, {MINIMUM_REPEAT_CUSTOMERS} are needed for a fit"
    fitted = fit_purchases(data, kind, start)
    if is_sound(fitted.converged, fitted.covariance):
        return fitted, ""
    centre = _leaving_at_any_time(pooled) if kind == "pareto_nbd" else pooled
    held = fit_purchases(data, kind, centre, Prior(centre.parameters))
    if is_sound(held.converged, held.covariance):
        return held, "the likelihood alone has no clear peak; a weak prior holds it"
    return pooled, "the likelihood has no clear peak"


def spend_model(data: SpendCells, start: SpendModel | None = None) -> tuple[SpendModel, str]:
    """As purchase_model, for amounts: Gamma-Gamma, else with a weak prior, else the pooled mean."""
    pooled = pooled_mean(data)
    if data.customers < MINIMUM_REPEAT_CUSTOMERS:
        found = data.customers
        return pooled, f"{found} customers with an amount, {MINIMUM_REPEAT_CUSTOMERS} are needed for a fit"
    fitted = fit_spend(data, start)
    if is_sound(fitted.converged, fitted.covariance) and fitted.q > 1.0:
        return fitted, ""
    held = fit_spend(data, pooled, Prior(pooled.parameters))
    if is_sound(held.converged, held.covariance) and held.q > 1.0:
        return held, "the likelihood alone has no clear peak or no mean; a weak prior holds it"
    return pooled, "the likelihood has no clear peak or no mean"


def is_sound(converged: bool, covariance: Matrix | None) -> bool:
    """Converged on a strict peak whose every parameter is known within a factor of 50."""
    if not converged or covariance is None:
        return False
    return max(covariance[i][i] for i in range(len(covariance))) <= MOST_LOG_SD**2


def pooled_rate(data: Cells) -> PurchaseModel:
    """fallback_pooled_rate: never fails, also on no customers, one customer, T = 0 or one-time buyers only.

    The pooled rate counts purchases per week of recency-discounted exposure: the time to the last purchase
    in full, the silence since then by P(alive). Three passes, as P(alive) needs the rate.
    """
    n, x = data.n.astype(np.float64), data.x.astype(np.float64)
    active, silent = data.t_x_days / DAYS_PER_WEEK, (data.T_days - data.t_x_days) / DAYS_PER_WEEK
    purchases, weeks = float((n * x).sum()), active + silent
    model = _pooled(ASSUMED_R, purchases, float((n * weeks).sum()), data)
    for _ in range(3):
        weeks = active + silent * p_alive(model, data.x, data.t_x_days, data.T_days)
        exposure = float((n * weeks).sum())
        expected = weeks * purchases / max(exposure, 1e-9)
        model = _pooled(_shape(n, x, expected), purchases, exposure, data)
    return model


def _leaving_at_any_time(pooled: PurchaseModel) -> PurchaseModel:
    """The pooled rate with s and beta: a customer with the mean rate lives as long as with (a, b)."""
    r, alpha, a, b = pooled.parameters
    return pooled.with_parameters(r, alpha, ASSUMED_S, ASSUMED_S * (a + b) / a * alpha / r)


def _shape(n: FloatArray, x: FloatArray, expected: FloatArray) -> float:
    """r by moments, Var(x) = E(x) + E(x)^2 / r, held in 0.2 to 3; assumed below ten customers."""
    if n.sum() < 10 or not (x > 0).any():
        return ASSUMED_R
    beyond_poisson = float((n * ((x - expected) ** 2 - x)).sum())
    spread = float((n * expected**2).sum())
    return LARGEST_R if beyond_poisson <= spread / LARGEST_R else max(spread / beyond_poisson, SMALLEST_R)


def pooled_mean(data: SpendCells) -> SpendModel:
    """fallback_pooled_mean: everybody's mean per purchase, assumed spread; about 0 without any amount."""
    bought = float((data.n * data.count).sum())
    total = float((data.n * data.count * data.mean_value).sum())
    mean = max(total / bought if bought > 0 else 0.0, 1e-9)
    parameters = (ASSUMED_P, ASSUMED_Q, mean * (ASSUMED_Q - 1.0) / ASSUMED_P)
    covariance = _diagonal((ASSUMED_LOG_SD / 2, ASSUMED_LOG_SD / 2, _log_sd(bought)))
    se = standard_errors(parameters, covariance)
    return SpendModel(
        "fallback_pooled_mean", *parameters, se[0], se[1], se[2], covariance,
        0.0, data.customers, 0, 0.0, False,
    )  # fmt: skip


def _pooled(r: float, purchases: float, weeks: float, data: Cells) -> PurchaseModel:
    alpha = r * (weeks + ASSUMED_WEEKS) / (purchases + ASSUMED_PURCHASES)
    parameters = (r, min(max(alpha, 1e-2), 1e5), ASSUMED_A, ASSUMED_B)
    covariance = _diagonal((ASSUMED_LOG_SD, _log_sd(purchases), ASSUMED_LOG_SD, ASSUMED_LOG_SD))
    se = standard_errors(parameters, covariance)
    model = PurchaseModel(
        "fallback_pooled_rate", *parameters, se[0], se[1], se[2], se[3], covariance,
        0.0, data.customers, 0, 0.0, False,
    )  # fmt: skip
    if len(data) == 0:
        return model
    return PurchaseModel.from_dict({**model.to_dict(), "log_likelihood": log_likelihood_at(model, data)})


def _log_sd(events: float) -> float:
    return min(1.0, 1.0 / math.sqrt(events + ASSUMED_PURCHASES))


def _diagonal(sds: tuple[float, ...]) -> Matrix:
    return tuple(tuple(sd * sd if i == j else 0.0 for j in range(len(sds))) for i, sd in enumerate(sds))
