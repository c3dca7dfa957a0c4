"""The back-test of a fit day: every candidate's hold-out, and the model in use at origins in the past.

Belongs here: which origins there are, naming the figures. Their windows are read in `assets/windows.py`;
what is measured stands in `transforms/value/backtest.py`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from assets.quality import Quality
from assets.windows import Windows, fitted
from transforms.value.backtest import (
    Window,
    evaluate,
    evaluate_model,
    forecast_metrics,
    log_scores,
    outcome,
    skill,
)
from transforms.value.btyd import FITTED_KINDS
from transforms.value.calibration import Platt, gated_correction
from transforms.value.choice import DEFAULT_KIND, choose
from transforms.value.fallback import purchase_model
from transforms.value.foretold import foretold_groups, foretold_weeks
from transforms.value.purchase_model import PurchaseKind, PurchaseModel

SHORTEST_HOLDOUT_DAYS, LONGEST_HOLDOUT_DAYS = 30, 180
MOST_ORIGINS = 3
AUTO = "auto"


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
    """The tests of one fit day, on its windows in the time in use."""

    windows: Windows

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
            for metric in evaluate_model(model, window):
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
        days = (self.windows.fit_day - self.windows.first).days
        horizon = min(max(days // 4, SHORTEST_HOLDOUT_DAYS), LONGEST_HOLDOUT_DAYS)
        cutoff = self.windows.fit_day - timedelta(days=horizon)
        window = self.windows.at(cutoff, horizon)
        return None if window is None else HeldOut(cutoff, window, self.windows.repeats(cutoff, horizon))

    def foretold(self, kind: PurchaseKind) -> Foretold | None:
        """What a kind, fitted before the hold-out, said about it; None with too little history."""
        if self.held_out is None:
            return None
        window, came = self.held_out.window, self.held_out.repeat_days
        model = fitted(window, kind)
        weeks = foretold_weeks(
            model,
            window.rows["T_days"],
            window.weight,
            came["days_after_cut"],
            came["repeats"],
            window.horizon_days,
            window.time,
        )
        groups = foretold_groups(model, window).to_dict("records")
        return Foretold(
            model.kind, self.held_out.cutoff, window.horizon_days, groups, weeks.to_dict("records")
        )

    def origins(self, kind: PurchaseKind, horizon: int) -> list[Origin]:
        """Up to three origins, a horizon apart, the oldest first, as far as there is history."""
        found = []
        for step in range(MOST_ORIGINS, 0, -1):
            cutoff = self.windows.fit_day - timedelta(days=step * horizon)
            window = self.windows.at(cutoff, horizon)
            if window is not None:
                found.append(Origin(cutoff, window, fitted(window, kind)))
        return found


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
