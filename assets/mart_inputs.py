"""What marts need beyond SQL: fits and scores, offered to the day before its model is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pyarrow as pa

from assets.configuration import previous_month_end
from assets.day import Day
from assets.days_beside import day_to_fit
from assets.fit_tables import cutpoint_table, foretold_tables, quality_table
from assets.fits import Fit
from assets.lineage import read_later
from assets.outlook import offer_months
from assets.planning import Planning, family_model_table, planning_of
from assets.scores import score_churn, score_groups, score_values
from assets.segments import compiled_segments, segment_facts
from transforms.segments import members_sql, tables_used

FitOf = Callable[[date], Fit]
ALIKE_BEFORE = ("customer_links", "city_codes")
"""What the month-end before shares with today: the identity it is seen with, and codes of cities."""


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


def _runout(day: Day, fit_of: FitOf) -> None:
    families = day.fetch("family_history", "DISTINCT product_family").column(0).to_pylist()
    day.put("family_models", family_model_table(_planning(day, fit_of), families))


def _outlook(day: Day, fit_of: FitOf) -> None:
    planning = _planning(day, fit_of)
    offer_months(day, fit_of(day.as_of), planning.revenue, planning.outlook_error)


def _model_quality(day: Day, fit_of: FitOf) -> pa.Table:
    return quality_table([*fit_of(day.as_of).quality, *_planning(day, fit_of).quality], day.as_of)


def _foretold(day: Day, fit_of: FitOf) -> None:
    for name, table in foretold_tables(fit_of(day.as_of)).items():
        day.put(name, table)


def _planning(day: Day, fit_of: FitOf) -> Planning:
    def make_day(on: date) -> Day:
        return day_to_fit(day.context, on, day.units)

    return planning_of(day.context, day.as_of, make_day, fit_of(day.as_of))


def _segment_members(day: Day, fit_of: FitOf) -> None:
    """Offer `members_now` and `members_before`: the month-end before as it looks with today's links.

    Only one of the two days is large: what today has computed and this table does not read is freed first.
    """
    workspace = day.context.workspace
    conditions, facts = compiled_segments(workspace), segment_facts(workspace)
    if not conditions:
        for name in ("members_now", "members_before"):
            day.put(name, pa.schema([("segment", pa.string()), ("customer_id", pa.int64())]).empty_table())
        return
    sql, tables = members_sql(conditions, facts), tables_used(conditions, facts)
    for name in tables:
        day.need(name)
    day.put("members_now", day.engine.fetch(sql))
    alike = {name: day.fetch(name) for name in ALIKE_BEFORE}
    day.keep_only(read_later(workspace, ["segment_members"], {*day.at_hand, "members_now", "members_before"}))
    spill = workspace.warehouse / "spill" / "before"
    with Day(day.context, previous_month_end(day.as_of), day.units, spill=spill) as before:
        for name, table in alike.items():
            before.put(name, table)
        for name in tables:
            if name in PREPARED:
                PREPARED[name](before, fit_of)
            before.need(name)
            before.keep_only(read_later(workspace, tables, before.at_hand))
        day.put("members_before", before.engine.fetch(sql))


PREPARED: dict[str, Callable[[Day, FitOf], pa.Table | None]] = {
    "rfm_cutpoints": _cutpoints,
    "rfm": _cutpoints,
    "rfm_migration": _cutpoints,
    "clv": _clv,
    "clv_groups": _clv_groups,
    "churn": _churn,
    "runout": _runout,
    "revenue_outlook": _outlook,
    "segment_members": _segment_members,
    "model_quality": _model_quality,
    "model_calibration": _foretold,
    "model_tracking": _foretold,
}
