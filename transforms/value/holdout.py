"""Temporal hold-out: what the model said at a cut-off against what customers did afterwards.

Every metric that a simple rule could also produce stands beside that rule's figure.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from transforms.value.cells import FloatArray, check_histories, whole_numbers
from transforms.value.predict import (
    expected_purchases,
    next_purchase_days,
    p_no_purchase,
    purchases_probability,
)
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import CALENDAR, SeasonalTime

CELL = ("x", "t_x_days", "T_days", "y", "n")
CALIBRATION_BINS = 10
NEXT_PURCHASE_QUANTILES = (0.25, 0.5, 0.75, 0.9)


class Metric(NamedTuple):
    """One figure; value or baseline is None where it is not defined or there is no simple rule."""

    metric: str
    value: float | None
    baseline: float | None


def evaluate_holdout(
    model: PurchaseModel,
    x: ArrayLike,
    t_x_days: ArrayLike,
    T_days: ArrayLike,
    y: ArrayLike,
    horizon_days: int,
    n: ArrayLike | None = None,
    time: SeasonalTime = CALENDAR,
) -> list[Metric]:
    """Metrics over n customers with y purchases in the horizon_days after T. No customers, no metrics.

    Days are those of the calendar; the model is asked in `time`, in which it was fitted, the rules are not.

    baseline of counts: the customer's own rate x / T; of ranks: days since the last purchase; of Brier: the
    base rate; of log-likelihood (per customer): one Poisson rate for all, from before the cut-off. Rows may
    come in any order and may be added up with n.
    """
    cells = _cells(x, t_x_days, T_days, y, n)
    if len(cells) == 0:
        return []
    count, t_x, T, actual, w = (cells[name].to_numpy(np.float64) for name in CELL)
    bought = (actual > 0).astype(np.float64)

    asked = (model, count, *time.histories(t_x, T), time.ahead(horizon_days))
    predicted = expected_purchases(*asked)
    own_rate = count / np.maximum(T, 1.0) * horizon_days
    p_buys = 1.0 - p_no_purchase(*asked)
    base_rate = _mean(w, bought)
    pooled = float((w * count).sum() / max(float((w * T).sum()), 1.0)) * horizon_days
    poisson = special.xlogy(actual, pooled) - pooled - special.gammaln(actual + 1.0) if pooled > 0 else None
    ln_model = np.log(np.maximum(purchases_probability(*asked, actual), 1e-300))
    total = float((w * actual).sum())
    return [
        Metric("customers", float(w.sum()), None),
        Metric("purchases_actual", total, None),
        Metric("purchases_predicted", float((w * predicted).sum()), float((w * own_rate).sum())),
        Metric("bias", _bias(w, predicted, total), _bias(w, own_rate, total)),
        Metric("mae", _mean(w, np.abs(predicted - actual)), _mean(w, np.abs(own_rate - actual))),
        Metric("correlation", correlation(predicted, actual, w), correlation(own_rate, actual, w)),
        Metric("auc_any_purchase", auc(p_buys, bought, w), auc(t_x - T, bought, w)),
        Metric("brier_any_purchase", _mean(w, (p_buys - bought) ** 2), base_rate * (1.0 - base_rate)),
        Metric("calibration_error", calibration_error(p_buys, bought, w), None),
        Metric("log_likelihood", _mean(w, ln_model), None if poisson is None else _mean(w, poisson)),
    ]


def next_purchase_coverage(
    model: PurchaseModel,
    x: ArrayLike,
    t_x_days: ArrayLike,
    T_days: ArrayLike,
    days_to_next: ArrayLike,
    horizon_days: float,
    n: ArrayLike = 1,
) -> list[Metric]:
    """Share of customers whose next purchase came by the predicted quantile; baseline: the nominal share.

    days_to_next: days from T to the next purchase, NaN when none came within horizon_days. Only customers
    whose quantile exists and lies inside the horizon can be judged. n: customers in each row.
    """
    waited = np.asarray(days_to_next, dtype=np.float64)
    weight = np.broadcast_to(np.asarray(n, dtype=np.float64), waited.shape)
    metrics = []
    for quantile in NEXT_PURCHASE_QUANTILES:
        days = next_purchase_days(model, x, t_x_days, T_days, quantile)
        judged = days <= horizon_days
        by_then, customers = waited[judged] <= days[judged], float(weight[judged].sum())
        share = float((weight[judged] * by_then).sum()) / customers if customers else None
        metrics.append(Metric(f"next_purchase_by_p{round(100 * quantile)}", share, quantile))
    return metrics


def auc(score: ArrayLike, outcome: ArrayLike, weight: ArrayLike) -> float | None:
    """P(a buyer scores above a non-buyer), ties count half; None unless there are both."""
    frame = pd.DataFrame({"score": score, "hit": outcome, "w": weight})
    frame["yes"], frame["no"] = frame["w"] * frame["hit"], frame["w"] * (1.0 - frame["hit"])
    ties = frame.groupby("score", sort=True)[["yes", "no"]].sum()
    yes, no = ties["yes"].to_numpy(np.float64), ties["no"].to_numpy(np.float64)
    pairs = float(yes.sum() * no.sum())
    below = np.cumsum(no) - no / 2
    return float((yes * below).sum()) / pairs if pairs > 0 else None


def correlation(first: FloatArray, second: FloatArray, weight: FloatArray) -> float | None:
    """Weighted Pearson correlation; None when either side does not vary."""
    a, b = first - _mean(weight, first), second - _mean(weight, second)
    spread = float((weight * a * a).sum() * (weight * b * b).sum())
    return float((weight * a * b).sum()) / math.sqrt(spread) if spread > 0 else None


def calibration_error(probability: FloatArray, outcome: FloatArray, weight: FloatArray) -> float:
    """Mean distance between said and seen over ten bins of equal width, weighted by customers."""
    bins = np.minimum((probability * CALIBRATION_BINS).astype(np.int64), CALIBRATION_BINS - 1)
    gap = np.bincount(bins, weight * (probability - outcome), CALIBRATION_BINS)
    return float(np.abs(gap).sum() / weight.sum())


def _cells(
    x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, y: ArrayLike, n: ArrayLike | None
) -> pd.DataFrame:
    columns = {"x": x, "t_x_days": t_x_days, "T_days": T_days, "y": y}
    frame = pd.DataFrame({name: whole_numbers(values, name) for name, values in columns.items()})
    frame["n"] = 1 if n is None else whole_numbers(n, "n")
    check_histories(*(frame[name].to_numpy(np.int64) for name in ("x", "t_x_days", "T_days")))
    return frame.groupby(list(CELL[:4]), sort=True)[["n"]].sum().reset_index()


def _mean(weight: FloatArray, values: FloatArray) -> float:
    return float((weight * values).sum() / weight.sum())


def _bias(weight: FloatArray, predicted: FloatArray, total: float) -> float | None:
    """Predicted over actual total, minus one."""
    return float((weight * predicted).sum()) / total - 1.0 if total > 0 else None
