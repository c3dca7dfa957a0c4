"""What marts need beyond SQL: fits and scores, offered to the day before its model is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa

from assets.configuration import previous_month_end
from assets.day import Day
from assets.fits import Fit, cutpoint_table, quality_table
from assets.outlook import offer_months
from assets.planning import Planning, family_model_table, planning_of, planning_quality
from assets.scores import score_churn, score_groups, score_values

FitOf = Callable[[date], Fit]


def _cutpoints(day: Day, fit_of: FitOf) -> None:
    fits = {fit.fit_day: fit for fit in (fit_of(day.as_of), fit_of(previous_month_end(day.as_of)))}
    day.put("rfm_cutpoint_fits", cutpoint_table(list(fits.values())))


def _clv(day: Day, fit_of: FitOf) -> None:
    settings = day.context.workspace.settings
    score_values(day, fit_of(day.as_of), settings.clv_horizon_days, settings.discount_rate)


def _clv_groups(day: Day, fit_of: FitOf) -> None:
    settings = day.context.workspace.settings
    score_groups(day, fit_of(day.as_of), settings.clv_horizon_days, settings.discount_rate)


def _churn(day: Day, fit_of: FitOf) -> None:
    score_churn(day, fit_of(day.as_of), day.context.workspace.settings.churn_horizon_days)


def _runout(day: Day, _: FitOf) -> None:
    families = day.fetch("family_history", "DISTINCT product_family").column(0).to_pylist()
    day.put("family_models", family_model_table(_planning(day), families))


def _outlook(day: Day, fit_of: FitOf) -> None:
    offer_months(day, fit_of(day.as_of).purchase, _planning(day).revenue)


def _model_quality(day: Day, fit_of: FitOf) -> pa.Table:
    quality = quality_table(fit_of(day.as_of), day.as_of)
    return pa.concat_tables([quality, planning_quality(_planning(day), day.as_of)])


def _planning(day: Day) -> Planning:
    return planning_of(day.context, day.as_of, lambda on: Day(day.context, on, day.units))


PREPARED: dict[str, Callable[[Day, FitOf], pa.Table | None]] = {
    "rfm_cutpoints": _cutpoints,
    "rfm": _cutpoints,
    "rfm_migration": _cutpoints,
    "clv": _clv,
    "clv_groups": _clv_groups,
    "churn": _churn,
    "runout": _runout,
    "revenue_outlook": _outlook,
    "model_quality": _model_quality,
}
