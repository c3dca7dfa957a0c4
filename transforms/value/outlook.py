"""What known customers and those still to come will bring, month by month.

Customers of today: for each distinct history P(alive) times the purchases expected in the month, times the
revenue expected of one. Customers to come: as many a day as came lately; each brings a first purchase and
then E[X(t)] more. Days are those of the time in which the purchase model was fitted: in seasonal time, busy
days bring more newcomers too. The interval holds what is unknown of the parameters and of the pace of
newcomers (delta method), and the chance of single purchases (Poisson counts of gamma-gamma amounts).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.value.cells import FloatArray
from transforms.value.clv import gamma_interval
from transforms.value.expectation import expected_if_alive
from transforms.value.gamma_gamma import LEAST_Q, SpendModel, inverse_scale_squared
from transforms.value.newton import Matrix
from transforms.value.predict import distinct_pairs, expected_of_newcomer, p_alive
from transforms.value.purchase_model import PurchaseModel

LOG_STEP = 1e-3
COLUMNS = ("repeat_orders", "repeat_revenue", "new_customers", "new_orders", "new_revenue", "revenue_low",
           "revenue_high")  # fmt: skip


@dataclass(frozen=True)
class Acquisition:
    """Customers who came first within count_days, and what they spent on their first purchase day, in all."""

    newcomers: int
    count_days: int
    first_revenue: float


def revenue_outlook(
    histories: pd.DataFrame,
    acquisition: Acquisition,
    purchase: PurchaseModel,
    spend: SpendModel,
    ends: Sequence[int],
    relative_error: float = 0.0,
) -> pd.DataFrame:
    """One row per month, the first from today to ends[0] days from now, each next up to its end: COLUMNS.

    histories: x, t_x_days, T_days, n, repeat_revenue (of the n together), in any order. spend was fitted on
    the revenue of repeat purchases. Neither customers nor newcomers: all zero. relative_error: how far such
    sums were off when they were tried, as a share; the interval holds it beside chance and parameters.
    """
    cells = histories.sort_values(["x", "t_x_days", "T_days"], ignore_index=True)
    days = np.concatenate(([0], np.asarray(ends, dtype=np.int64)))

    def orders(model: PurchaseModel) -> FloatArray:
        return _orders_by_cell(cells, model, days)

    def newcomers(model: PurchaseModel) -> FloatArray:
        return _new_repeats(acquisition, model, days)

    first_orders = _pace(acquisition) * np.diff(days)
    first_revenue = first_orders * acquisition.first_revenue / max(acquisition.newcomers, 1)
    by_cell, repeats = orders(purchase), newcomers(purchase)
    value = _value_by_cell(cells, spend)
    repeat_orders = (cells["n"].to_numpy(np.float64)[:, None] * by_cell).sum(axis=0)
    repeat_revenue = (value[:, None] * by_cell).sum(axis=0)
    new_revenue = first_revenue + repeats * _everybodys_value(spend)

    def total(model: PurchaseModel) -> FloatArray:
        return (value[:, None] * orders(model)).sum(axis=0) + newcomers(model) * _everybodys_value(spend)

    def total_by_spend(amounts: SpendModel) -> FloatArray:
        return (_value_by_cell(cells, amounts)[:, None] * by_cell).sum(axis=0) + repeats * _everybodys_value(
            amounts
        )

    variance = _delta(purchase.parameters, purchase.covariance, lambda p: total(purchase.with_parameters(*p)))
    variance += _delta(spend.parameters, spend.covariance, lambda p: total_by_spend(_moved(spend, p)))
    variance += new_revenue**2 / max(acquisition.newcomers, 1)
    square = spend.p * (spend.p + 1.0) * float(inverse_scale_squared(spend, 0, 0.0))
    variance += (repeat_orders + first_orders + repeats) * square
    variance += (relative_error * (repeat_revenue + new_revenue)) ** 2
    low, high = gamma_interval(repeat_revenue + new_revenue, variance)
    found = (repeat_orders, repeat_revenue, first_orders, first_orders + repeats, new_revenue, low, high)
    return pd.DataFrame(dict(zip(COLUMNS, found, strict=True)))


def _pace(acquisition: Acquisition) -> float:
    return acquisition.newcomers / max(acquisition.count_days, 1)


def _orders_by_cell(cells: pd.DataFrame, model: PurchaseModel, days: np.ndarray) -> FloatArray:
    """Purchases expected of one customer of each cell in each month."""
    xs, Ts, place = distinct_pairs(cells["x"], cells["T_days"])
    reached = np.stack([expected_if_alive(model, xs, Ts, int(day)) for day in days[1:]], axis=1)
    by_pair = np.diff(np.concatenate((np.zeros((len(xs), 1)), reached), axis=1), axis=1)
    alive = p_alive(model, *(cells[name].to_numpy() for name in ("x", "t_x_days", "T_days")))
    found: FloatArray = alive[:, None] * by_pair[place]
    return found


def _value_by_cell(cells: pd.DataFrame, spend: SpendModel) -> FloatArray:
    """Revenue of one more purchase of every customer of a cell, added up (it is linear in the mean)."""
    n, x = cells["n"].to_numpy(np.float64), cells["x"].to_numpy(np.float64)
    spent = np.maximum(cells["repeat_revenue"].astype(np.float64).to_numpy(), 0.0)
    found: FloatArray = spend.p * (n * spend.gamma + spent) / (spend.p * x + max(spend.q, LEAST_Q) - 1.0)
    return found


def _everybodys_value(spend: SpendModel) -> float:
    return spend.p * spend.gamma / (max(spend.q, LEAST_Q) - 1.0)


def _new_repeats(acquisition: Acquisition, model: PurchaseModel, days: np.ndarray) -> FloatArray:
    """Repeat purchases in each month of those who come from tomorrow on, the same number every day."""
    since_first = expected_of_newcomer(model, np.arange(int(days[-1]) + 1))
    until = np.cumsum(since_first)
    # who comes on day u has had day - u days by then: until[day - 1] adds them up over u = 1 .. day
    reached = np.array([until[day - 1] if day > 0 else 0.0 for day in days])
    found: FloatArray = _pace(acquisition) * np.diff(reached)
    return found


def _delta(
    parameters: Sequence[float], covariance: Matrix | None, total: Callable[[Sequence[float]], FloatArray]
) -> FloatArray:
    """Variance of each month's total because these parameters are estimates; zero when that is unknown."""
    slopes = []
    for i in range(len(parameters)):
        ends = []
        for sign in (1.0, -1.0):
            moved = list(parameters)
            moved[i] *= float(np.exp(sign * LOG_STEP))
            ends.append(total(moved))
        slopes.append((ends[0] - ends[1]) / (2 * LOG_STEP))
    variance = np.zeros_like(slopes[0])
    for i, row in enumerate(covariance or ()):
        for j, entry in enumerate(row):
            variance += entry * slopes[i] * slopes[j]
    return np.maximum(variance, 0.0)


def _moved(spend: SpendModel, parameters: Sequence[float]) -> SpendModel:
    record = spend.to_dict() | dict(zip(("p", "q", "gamma"), parameters, strict=True))
    return SpendModel.from_dict(record)
