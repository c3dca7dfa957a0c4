"""Back-test at one origin: a model fitted on what came before, against what came after and against rules.

The origins roll back from the fit day by the horizon: as_of - h, as_of - 2h, as_of - 3h. Skill over an origin
is judged by the Brier score of "any purchase within the horizon": it is proper, so no rule wins it by being
vague or bold, and every rule that has a probability can be scored alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from transforms.value.calibration import Outcome, fit_platt
from transforms.value.cells import Cells, FloatArray
from transforms.value.holdout import Metric, auc, correlation, evaluate_holdout, next_purchase_coverage
from transforms.value.naive import DAYS_IN_A_YEAR, Forecast, naive_forecasts
from transforms.value.predict import median_purchases, p_no_purchase, purchases_probability
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import CALENDAR, SeasonalTime

COLUMNS = ["x", "t_x_days", "T_days", "y", "y_year_before", "next_days"]
MORE_IS_BETTER = ("auc_any_purchase", "correlation", "lift_top_decile")
LESS_IS_BETTER = ("brier_any_purchase", "mae", "mae_of_median")


@dataclass(frozen=True, eq=False)
class Window:
    """One origin: distinct histories up to the cut-off and what came in the horizon after it, n of each.

    next_days is NaN where no purchase came. observed_days: days of history up to the cut-off. Rows and
    horizon are in calendar days; models are fitted and asked in `time`, rules in the calendar's.
    """

    rows: pd.DataFrame
    horizon_days: int
    observed_days: int
    time: SeasonalTime = CALENDAR

    @staticmethod
    def of(frame: pd.DataFrame, horizon_days: int, observed_days: int) -> Window:
        """Sorted and added up, so that no figure depends on the order of the rows."""
        grouped = frame.groupby(COLUMNS, sort=True, dropna=False)[["n"]].sum()
        return Window(grouped.reset_index(), horizon_days, observed_days)

    def counted_in(self, time: SeasonalTime) -> Window:
        """The same window for models of another time, whose anchor is the cut-off."""
        return replace(self, time=time)

    @cached_property
    def history(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """x, t_x and T of `time`."""
        t_x, T = self.time.histories(self.rows["t_x_days"], self.rows["T_days"])
        return self.rows["x"].to_numpy(np.float64), t_x.astype(np.float64), T.astype(np.float64)

    @property
    def span(self) -> float:
        """How long the horizon is in `time`."""
        return float(self.time.ahead(self.horizon_days))

    @property
    def training(self) -> Cells:
        """The histories in `time`, to fit a model on."""
        return self.time.collapse(*(self.rows[name] for name in (*COLUMNS[:3], "n")))

    @property
    def actual(self) -> FloatArray:
        return self.rows["y"].to_numpy(np.float64)

    @property
    def happened(self) -> FloatArray:
        return (self.actual > 0).astype(np.float64)

    @property
    def weight(self) -> FloatArray:
        return self.rows["n"].to_numpy(np.float64)

    @cached_property
    def naive(self) -> list[Forecast]:
        """The rules; last year's days only where a year was observed and the horizon fits into it."""
        known = self.observed_days >= DAYS_IN_A_YEAR >= self.horizon_days
        before = self.rows["y_year_before"].to_numpy(np.float64) if known else None
        x, t_x, T = (self.rows[name].to_numpy(np.float64) for name in COLUMNS[:3])
        return naive_forecasts(x, t_x, T, before, self.weight, self.happened, self.horizon_days)


def outcome(model: PurchaseModel, window: Window) -> Outcome:
    """What the model said about any purchase, and whether one came."""
    said = 1.0 - p_no_purchase(model, *window.history, window.span)
    return Outcome(said, window.happened, window.weight)


def log_scores(model: PurchaseModel, window: Window) -> FloatArray:
    """ln P(the purchases that came) for each row of the window."""
    found = purchases_probability(model, *window.history, window.span, window.actual)
    return np.log(np.maximum(found, 1e-300))


def evaluate_model(model: PurchaseModel, window: Window) -> list[Metric]:
    """The metrics of evaluate_holdout, the model asked in the time of the window."""
    x, t_x, T = (window.rows[name] for name in COLUMNS[:3])
    return evaluate_holdout(model, x, t_x, T, window.actual, window.horizon_days, window.weight, window.time)


def evaluate(model: PurchaseModel, window: Window) -> list[Metric]:
    """The metrics of evaluate_holdout and more. baseline: the best of the naive rules that have one.

    mae holds the expectation, which is made for totals, against what came; mae_of_median the median.
    """
    found = {metric.metric: metric for metric in evaluate_model(model, window)}
    if not found:
        return []
    said = outcome(model, window)
    rules = [forecast_metrics(rule, window) for rule in window.naive]
    middle = median_purchases(model, *window.history, window.span)
    found["mae_of_median"] = Metric("mae_of_median", _mae(middle, window), None)
    found["lift_top_decile"] = Metric("lift_top_decile", lift(said.probability, window), None)
    for name in (*MORE_IS_BETTER, *LESS_IS_BETTER):
        rivals = name.removesuffix("_of_median")
        values = [value for rule in rules if (value := rule.get(rivals)) is not None]
        best = max if name in MORE_IS_BETTER else min
        found[name] = Metric(name, found[name].value, best(values) if values else None)
    correction = fit_platt(said)
    brier, base = found["brier_any_purchase"].value, rules[0]["brier_any_purchase"]
    return [
        *found.values(),
        Metric("brier_skill", 1.0 - brier / base if brier is not None and base else None, 0.0),
        Metric("calibration_slope", None if correction is None else correction.slope, 1.0),
        *next_purchase_coverage(
            model, *window.history, window.time.ahead(window.rows["next_days"]), window.span, window.weight
        ),
    ]


def forecast_metrics(forecast: Forecast, window: Window) -> dict[str, float | None]:
    """The figures of a rule; only those it can have."""
    w, actual, happened = window.weight, window.actual, window.happened
    found: dict[str, float | None] = {
        "auc_any_purchase": auc(forecast.rank, happened, w),
        "lift_top_decile": lift(forecast.rank, window),
    }
    if forecast.count is not None:
        total = float((w * actual).sum())
        found["mae"] = _mae(forecast.count, window)
        found["correlation"] = correlation(forecast.count, actual, w)
        found["bias"] = float((w * forecast.count).sum()) / total - 1.0 if total else None
    if forecast.probability is not None:
        found["brier_any_purchase"] = Outcome(forecast.probability, happened, w).brier()
    return found


def skill(models: Sequence[PurchaseModel], windows: Sequence[Window]) -> float | None:
    """1 - Brier / Brier of the best rule, over all customers of the origins. 0 or less: no better than it.

    models: the model fitted at each origin. A rule is judged on the origins at which it has a probability.
    None without origins.
    """
    errors: dict[str, list[tuple[float, float]]] = {}
    for model, window in zip(models, windows, strict=True):
        ours, customers = outcome(model, window).brier(), float(window.weight.sum())
        for rule in window.naive:
            if rule.probability is not None:
                theirs = Outcome(rule.probability, window.happened, window.weight).brier()
                errors.setdefault(rule.name, []).append((customers * ours, customers * theirs))
    skills = []
    for pairs in errors.values():
        ours, theirs = (sum(side) for side in zip(*pairs, strict=True))
        skills.append(1.0 - ours / theirs if theirs > 0 else (0.0 if ours == 0 else -1.0))
    return min(skills, default=None)


def lift(rank: FloatArray, window: Window) -> float | None:
    """Share of buyers in the tenth that ranks highest over the share of all; ties are cut in proportion."""
    frame = pd.DataFrame({"rank": rank, "w": window.weight, "hit": window.weight * window.happened})
    ties = frame.groupby("rank", sort=True)[["w", "hit"]].sum().iloc[::-1]
    w, hit = ties["w"].to_numpy(np.float64), ties["hit"].to_numpy(np.float64)
    if hit.sum() == 0:
        return None
    tenth = w.sum() / 10
    taken = np.clip(tenth - (np.cumsum(w) - w), 0.0, w)
    return float((hit * taken / w).sum() / tenth / (hit.sum() / w.sum()))


def _mae(count: FloatArray, window: Window) -> float:
    w = window.weight
    return float((w * np.abs(count - window.actual)).sum() / w.sum())
