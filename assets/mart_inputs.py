"""What marts need beyond SQL: fits and scores, offered to the day before its model is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa

from assets.configuration import previous_month_end
from assets.day import Day
from assets.fits import Fit, cutpoint_table, quality_table
from assets.scores import score_churn, score_values

FitOf = Callable[[date], Fit]


def _cutpoints(day: Day, fit_of: FitOf) -> None:
    fits = {fit.fit_day: fit for fit in (fit_of(day.as_of), fit_of(previous_month_end(day.as_of)))}
    day.put("rfm_cutpoint_fits", cutpoint_table(list(fits.values())))


def _clv(day: Day, fit_of: FitOf) -> None:
    settings = day.context.workspace.settings
    score_values(day, fit_of(day.as_of), settings.clv_horizon_days, settings.discount_rate)


def _churn(day: Day, fit_of: FitOf) -> None:
    score_churn(day, fit_of(day.as_of), day.context.workspace.settings.churn_horizon_days)


def _model_quality(day: Day, fit_of: FitOf) -> pa.Table:
    return quality_table(fit_of(day.as_of), day.as_of)


PREPARED: dict[str, Callable[[Day, FitOf], pa.Table | None]] = {
    "rfm_cutpoints": _cutpoints,
    "rfm": _cutpoints,
    "rfm_migration": _cutpoints,
    "clv": _clv,
    "churn": _churn,
    "model_quality": _model_quality,
}
