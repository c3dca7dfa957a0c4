"""Fits: what is estimated once per fit day and then only read (`models/value/<fit_day>.json`).

A fit is configuration. It is made from what was known on its own day, on demand when absent, and never
changed by a later night.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from assets.backtests import Backtest, Foretold, candidates, judge
from assets.choosing_time import choose_time
from assets.context import Context
from assets.day import Day
from assets.quality import Quality
from assets.seasons import time_of
from assets.windows import Windows
from transforms.value.calibration import Platt
from transforms.value.cells import FloatArray
from transforms.value.fallback import pooled_rate, purchase_model, spend_model
from transforms.value.gamma_gamma import (
    LARGEST_CORRELATION,
    SpendModel,
    correlation_of_count_and_value,
    spend_cells,
)
from transforms.value.predict import p_no_purchase
from transforms.value.purchase_model import FALLBACK_KIND, PurchaseKind, PurchaseModel
from transforms.value.seasonal_time import CALENDAR, EVEN, Pattern, SeasonalTime
from warehouse.files import write_atomic

FIT_VERSION = 4
"""Of what a stored fit holds; one of another version is made again from what was known on its day."""
BINNED_ABOVE = 100_000


Figures = dict[str, tuple[float | None, float | None]]
"""Value and baseline by metric."""


@dataclass(frozen=True)
class Fit:
    """Everything estimated on one day, under the model and the season `satu.yaml` asked for.

    `purchase` is fitted in seasonal time where `patterns` holds the pattern of the year, by the day up to
    which it was learned. `spend_cap` bounds the mean value that enters the spend model; `corrections` holds,
    by horizon, the correction of probabilities that won its back-test. `foretold` is None without a hold-out.
    """

    fit_day: date
    asked_model: str
    asked_season: str
    cutpoints: list[dict[str, Any]]
    purchase: PurchaseModel
    purchase_note: str
    patterns: dict[date, Pattern]
    spend: SpendModel
    spend_note: str
    spend_cap: float | None
    corrections: dict[int, Platt]
    quality: list[dict[str, Any]]
    foretold: Foretold | None

    def pattern_on(self, day: date) -> Pattern:
        """The pattern of the year in use as it was known on the fit day or at an origin."""
        return self.patterns.get(day, EVEN)

    def time(self, day: Day) -> SeasonalTime:
        """The time of the purchase model, seen from a day that it scores."""
        return time_of(day, day.as_of, self.pattern_on(self.fit_day))

    def p_no_purchase(
        self,
        x: ArrayLike,
        t_x_days: ArrayLike,
        T_days: ArrayLike,
        horizons: tuple[int, ...],
        time: SeasonalTime = CALENDAR,
    ) -> dict[int, FloatArray]:
        """P(no purchase) by horizon in calendar days, corrected where a correction was earned.

        The histories are those of `time`.

        A correction of one horizon alone could make a longer silence likelier than a shorter one: the
        shorter horizon then stands for the longer as well.
        """
        found: dict[int, FloatArray] = {}
        likeliest = np.ones(np.shape(x))
        for horizon in sorted(horizons):
            silent = p_no_purchase(self.purchase, x, t_x_days, T_days, time.ahead(horizon))
            correction = self.corrections.get(horizon)
            corrected = silent if correction is None else 1.0 - correction.apply(1.0 - silent)
            likeliest = np.minimum(likeliest, corrected)
            found[horizon] = likeliest
        return found


def fit_of(
    context: Context,
    fit_day: date,
    make_day: Callable[[date], Day],
    made: Callable[[Day, Fit], None] | None = None,
) -> Fit:
    """The stored fit of a day, made first when there is none or the settings ask for another model or season.

    made: what else is to be done with the day a fit was made on, while it is at hand.
    """
    path = context.workspace.models / "value" / f"{fit_day.isoformat()}.json"
    stored = json.loads(path.read_bytes()) if path.is_file() else {}
    settings = context.workspace.settings
    asked = (FIT_VERSION, settings.value_model, settings.season_in_time)
    if tuple(stored.get(name) for name in ("version", "asked_model", "asked_season")) != asked:
        with make_day(fit_day) as day:
            fit = _make(context, fit_day, day)
            if made is not None:
                made(day, fit)
            stored = _to_json(fit)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(stored, indent=1).encode())
    return _from_json(stored)


def _make(context: Context, fit_day: date, day: Day) -> Fit:
    cutpoints = [
        {"measure": row["measure"], "score": row["score"], "lower_bound": str(row["lower_bound"])}
        for row in day.fetch("rfm_cutpoint_fit", "measure, score, lower_bound").to_pylist()
    ]
    cutpoints.sort(key=lambda row: (row["measure"], row["score"]))
    quality = Quality()
    purchase, purchase_note, patterns, corrections, foretold = _fit_purchases(context, day, fit_day, quality)
    spend, spend_note, cap, extra = _fit_spend(context, day)
    _keep_parameters(quality, fit_day, spend, spend_note)
    for name, (value, baseline) in extra.items():
        quality.add(spend.kind, name, value, baseline, fit_day)
    settings = context.workspace.settings
    return Fit(
        fit_day, settings.value_model, settings.season_in_time, cutpoints, purchase, purchase_note, patterns,
        spend, spend_note, cap, corrections, quality.to_json(), foretold,
    )  # fmt: skip


def _fit_purchases(
    context: Context, day: Day, fit_day: date, quality: Quality
) -> tuple[PurchaseModel, str, dict[date, Pattern], dict[int, Platt], Foretold | None]:
    """The model in use: the one asked for or chosen, unless it is no better than naive at any horizon."""
    settings = context.workspace.settings
    histories = day.fetch("purchase_history", "x, t_x_days, T_days")
    first = day.engine.scalar("SELECT MIN(first_on) FROM purchase_history")
    windows = None if first is None else Windows(day, fit_day, first, histories.num_rows)
    may_have_months = settings.season == "auto"
    patterns = {} if windows is None else choose_time(windows, quality, may_have_months=may_have_months)
    time = time_of(day, fit_day, patterns.get(fit_day, EVEN))
    data = time.collapse(*(column.to_numpy() for column in histories.columns))
    kinds = candidates(settings.value_model)
    fitted = {kind: purchase_model(data, kind) for kind in kinds}
    for model, note in fitted.values():
        _keep_parameters(quality, fit_day, model, note)
    if windows is None:
        model, note = fitted[kinds[0]]
        _mark_in_use(quality, fit_day, model)
        return model, note, patterns, {}, None
    test = Backtest(windows)
    chosen = test.choose(settings.value_model, quality)
    model, note = fitted[chosen]
    horizons = settings.churn_horizon_days
    skills, corrections = _test(test, chosen, model.kind, horizons, quality)
    if model.kind != FALLBACK_KIND and skills and max(skills) <= 0:
        model, note = pooled_rate(data), f"{model.kind} is no better than naive forecasts in the back-test"
        _keep_parameters(quality, fit_day, model, note)
        _, corrections = _test(test, FALLBACK_KIND, FALLBACK_KIND, horizons, quality)
        chosen = FALLBACK_KIND
    _mark_in_use(quality, fit_day, model)
    return model, note, patterns, corrections, test.foretold(chosen)


def _test(
    test: Backtest, kind: PurchaseKind, name: str, horizons: tuple[int, ...], quality: Quality
) -> tuple[list[float], dict[int, Platt]]:
    """The skills of a kind at the horizons that could be tested, and the corrections it earned."""
    skills, corrections = [], {}
    for horizon in horizons:
        reached, correction = judge(test.origins(kind, horizon), name, horizon, test.windows.fit_day, quality)
        if reached is not None:
            skills.append(reached)
        if correction is not None:
            corrections[horizon] = correction
    return skills, corrections


def _mark_in_use(quality: Quality, fit_day: date, model: PurchaseModel) -> None:
    for name in {name for name, metric, _, _ in quality.rows if metric == "is_plain_fit"}:
        quality.add(name, "is_in_use", float(name == model.kind), None, fit_day)


def _fit_spend(context: Context, day: Day) -> tuple[SpendModel, str, float | None, Figures]:
    amounts = day.fetch("spend_cells", "x, mean_value, n")
    count = amounts.column("x").to_numpy()
    value = amounts.column("mean_value").cast(pa.float64()).to_numpy()
    n = amounts.column("n").to_numpy()
    cap = _winsorising_cap(value, n, context.workspace.settings.winsorise)
    capped = value if cap is None else np.minimum(value, cap)
    data = spend_cells(count, capped, n, binned=len(value) > BINNED_ABOVE)
    model, note = spend_model(data)
    facts: Figures = {
        "correlation_count_and_value": (correlation_of_count_and_value(data), LARGEST_CORRELATION),
        "customers_without_positive_margin": (float(data.left_out), None),
        "winsorising_cap": (cap, None),
    }
    return model, note, cap, facts


def _winsorising_cap(value: np.ndarray, n: np.ndarray, share: float | None) -> float | None:
    if share is None or len(value) == 0:
        return None
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(n[order]) >= share * n.sum()
    return float(value[order][int(np.argmax(reached))])


def _keep_parameters(quality: Quality, fit_day: date, model: PurchaseModel | SpendModel, note: str) -> None:
    """Every number of a fit under the name the papers give it, and whether it is the plain maximum."""
    record = model.to_dict()
    if isinstance(model, PurchaseModel):
        called = dict(zip(("r", "alpha", "a", "b"), model.names, strict=True))
        called |= {f"se_{field}": f"se_{name}" for field, name in called.items()}
        record = {called.get(name, name): value for name, value in record.items()}
    for name, value in record.items():
        if isinstance(value, (int, float)):
            quality.add(model.kind, name, float(value), None, fit_day)
    quality.add(model.kind, "is_plain_fit", float(not note), None, fit_day)


def _to_json(fit: Fit) -> dict[str, Any]:
    return {
        "version": FIT_VERSION,
        "fit_day": fit.fit_day.isoformat(),
        "asked_model": fit.asked_model,
        "asked_season": fit.asked_season,
        "rfm_cutpoints": fit.cutpoints,
        "purchase": fit.purchase.to_dict(),
        "purchase_note": fit.purchase_note,
        "patterns": {day.isoformat(): list(pattern) for day, pattern in fit.patterns.items()},
        "spend": fit.spend.to_dict(),
        "spend_note": fit.spend_note,
        "spend_cap": fit.spend_cap,
        "corrections": {str(h): [c.intercept, c.slope] for h, c in fit.corrections.items()},
        "quality": fit.quality,
        "foretold": None
        if fit.foretold is None
        else asdict(fit.foretold) | {"cutoff": fit.foretold.cutoff.isoformat()},
    }


def _from_json(content: dict[str, Any]) -> Fit:
    said = content["foretold"]
    return Fit(
        date.fromisoformat(content["fit_day"]),
        content["asked_model"],
        content["asked_season"],
        content["rfm_cutpoints"],
        PurchaseModel.from_dict(content["purchase"]),
        content["purchase_note"],
        {
            date.fromisoformat(day): Pattern(pace, tuple(months))
            for day, (pace, months) in content["patterns"].items()
        },
        SpendModel.from_dict(content["spend"]),
        content["spend_note"],
        content["spend_cap"],
        {int(horizon): Platt(*pair) for horizon, pair in content["corrections"].items()},
        content["quality"],
        None if said is None else Foretold(**said | {"cutoff": date.fromisoformat(said["cutoff"])}),
    )
