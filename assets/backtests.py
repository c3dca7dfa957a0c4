"""The back-test of a fit day: every candidate's hold-out, and the model in use at origins in the past.

Belongs here: which origins there are, reading their cells, naming the figures. What is measured stands in
`transforms/value/backtest.py`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa

from assets.day import Day
from transforms.value.backtest import Window, evaluate, forecast_metrics, log_scores, outcome, skill
from transforms.value.btyd import FITTED_KINDS
from transforms.value.calibration import Platt, gated_correction
from transforms.value.choice import DEFAULT_KIND, choose
from transforms.value.fallback import pooled_rate, purchase_model
from transforms.value.foretold import foretold_groups, foretold_weeks
from transforms.value.holdout import evaluate_holdout
from transforms.value.naive import DAYS_IN_A_YEAR
from transforms.value.purchase_model import FALLBACK_KIND, PurchaseKind, PurchaseModel

SHORTEST_HOLDOUT_DAYS, LONGEST_HOLDOUT_DAYS = 30, 180
MOST_ORIGINS = 3
MOST_CUSTOMERS = 200_000
"""More are not looked at one by one: of 200,000 the error of a share is a thousandth."""
AUTO = "auto"


@dataclass
class Quality:
    """Rows of `model_quality`, each figure once; a figure found again under the same key is the same."""

    rows: dict[tuple[str, str, date, int], tuple[float | None, float | None]] = field(default_factory=dict)

    def add(
        self,
        model: str,
        metric: str,
        value: float | None,
        baseline: float | None,
        cutoff: date,
        horizon: int = 0,
    ) -> None:
        self.rows[model, metric, cutoff, horizon] = (value, baseline)

    def to_json(self) -> list[dict[str, Any]]:
        """In the order of their key."""
        return [
            {
                "model": model,
                "metric": metric,
                "value": value,
                "baseline": baseline,
                "cutoff": cutoff.isoformat(),
                "horizon_days": horizon,
            }
            for (model, metric, cutoff, horizon), (value, baseline) in sorted(self.rows.items())
        ]


def candidates(asked: str) -> tuple[PurchaseKind, ...]:
    """The kinds the settings allow, the default first."""
    return tuple(kind for kind in FITTED_KINDS if asked in (AUTO, kind))


@dataclass(frozen=True)
class Origin:
    """One cut-off, its window, and the model fitted on what came before it."""

    cutoff: date
    window: Window
    model: PurchaseModel


@dataclass(frozen=True)
class HeldOut:
    """The newest hold-out: its window, and the repeat purchases by day up to its end."""

    cutoff: date
    window: Window
    repeat_days: pd.DataFrame


@dataclass(frozen=True)
class Foretold:
    """What a model said at the cut-off of the hold-out beside what came, by group and by week."""

    model: str
    cutoff: date
    horizon_days: int
    groups: list[dict[Hashable, Any]]
    weeks: list[dict[Hashable, Any]]


@dataclass
class Backtest:
    """The windows of one fit day, read on demand, newest first."""

    day: Day
    fit_day: date
    first: date
    customers: int

    def choose(self, asked: str, quality: Quality) -> PurchaseKind:
        """The kind asked for or, when `auto`, the best on the hold-out. All candidates are recorded."""
        kinds = candidates(asked)
        if self.held_out is None:
            return kinds[0]
        cutoff, window, scores = self.held_out.cutoff, self.held_out.window, {}
        horizon = window.horizon_days
        for kind in kinds:
            model, _ = purchase_model(window.training, kind)
            if model.kind == kind:
                scores[kind] = log_scores(model, window)
            x, t_x, T = window.history
            for metric in evaluate_holdout(model, x, t_x, T, window.actual, horizon, window.weight):
                name = f"holdout_{metric.metric}"
                quality.add(model.kind, name, metric.value, metric.baseline, cutoff, horizon)
        if DEFAULT_KIND not in scores:
            return kinds[0]
        chosen, gains = choose(scores, window.weight)
        for kind, gain in gains.items():
            quality.add(kind, "choice_gain", gain.value, gain.needed, cutoff, horizon)
        return chosen

    @cached_property
    def held_out(self) -> HeldOut | None:
        """The end of the history, a quarter of it but 30 to 180 days, and what was known before it."""
        days = (self.fit_day - self.first).days
        horizon = min(max(days // 4, SHORTEST_HOLDOUT_DAYS), LONGEST_HOLDOUT_DAYS)
        cutoff = self.fit_day - timedelta(days=horizon)
        window = self._window(cutoff, horizon)
        if window is None:
            return None
        self.day.forget("repeat_days")
        repeats = self.day.fetch("repeat_days", "days_after_cut, repeats").to_pandas()
        return HeldOut(cutoff, window, repeats)

    def foretold(self, kind: PurchaseKind) -> Foretold | None:
        """What a kind, fitted before the hold-out, said about it; None with too little history."""
        if self.held_out is None:
            return None
        window, came = self.held_out.window, self.held_out.repeat_days
        model = _fitted(window, kind)
        weeks = foretold_weeks(
            model,
            window.rows["T_days"],
            window.weight,
            came["days_after_cut"],
            came["repeats"],
            window.horizon_days,
        )
        groups = foretold_groups(model, window).to_dict("records")
        return Foretold(
            model.kind, self.held_out.cutoff, window.horizon_days, groups, weeks.to_dict("records")
        )

    def origins(self, kind: PurchaseKind, horizon: int) -> list[Origin]:
        """Up to three origins, a horizon apart, the oldest first, as far as there is history."""
        found = []
        for step in range(MOST_ORIGINS, 0, -1):
            cutoff = self.fit_day - timedelta(days=step * horizon)
            window = self._window(cutoff, horizon)
            if window is not None:
                found.append(Origin(cutoff, window, _fitted(window, kind)))
        return found

    def _window(self, cutoff: date, horizon: int) -> Window | None:
        """What was known at a cut-off and came after it; None with too little history, a year at most."""
        observed = (cutoff - self.first).days + 1
        if observed < min(horizon, DAYS_IN_A_YEAR):
            return None
        step = -(-self.customers // MOST_CUSTOMERS)
        self.day.put(
            "holdout",
            pa.table(
                {
                    "cutoff": pa.array([cutoff], pa.date32()),
                    "horizon_days": pa.array([horizon], pa.int32()),
                    "sample_step": pa.array([max(step, 1)], pa.int64()),
                }
            ),
        )
        self.day.forget("holdout_cells")
        rows = self.day.fetch("holdout_cells")
        return Window.of(rows.to_pandas(), horizon, observed) if rows.num_rows else None


def judge(
    origins: Iterable[Origin], kind: str, horizon: int, fit_day: date, quality: Quality
) -> tuple[float | None, Platt | None]:
    """Skill over the rules at one horizon, and the correction of probabilities it has earned.

    Kept: every metric at every origin, of the model and of the rules, and whether figures are corrected.
    """
    found = list(origins)
    for origin in found:
        for metric in evaluate(origin.model, origin.window):
            name = f"backtest_{metric.metric}"
            quality.add(origin.model.kind, name, metric.value, metric.baseline, origin.cutoff, horizon)
        for rule in origin.window.naive:
            for name, value in forecast_metrics(rule, origin.window).items():
                quality.add(rule.name, f"backtest_{name}", value, None, origin.cutoff, horizon)
    if not found:
        return None, None
    reached = skill([o.model for o in found], [o.window for o in found])
    outcomes = [outcome(o.model, o.window) for o in found]
    correction, scores = gated_correction(outcomes)
    for origin, said, score in zip(found[1:], outcomes[1:], scores, strict=True):
        quality.add(kind, "backtest_brier_corrected", score, said.brier(), origin.cutoff, horizon)
    quality.add(kind, "backtest_skill", reached, 0.0, fit_day, horizon)
    quality.add(kind, "is_corrected", float(correction is not None), None, fit_day, horizon)
    if correction is not None:
        quality.add(kind, "correction_intercept", correction.intercept, 0.0, fit_day, horizon)
        quality.add(kind, "correction_slope", correction.slope, 1.0, fit_day, horizon)
    return reached, correction


def _fitted(window: Window, kind: PurchaseKind) -> PurchaseModel:
    return pooled_rate(window.training) if kind == FALLBACK_KIND else purchase_model(window.training, kind)[0]
