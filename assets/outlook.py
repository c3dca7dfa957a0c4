"""revenue_outlook: the months ahead from a day's histories, and the same said earlier held against facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.day import Day
from assets.fits import Fit
from assets.seasons import time_of
from transforms.value.cells import cells_from_frame
from transforms.value.fallback import purchase_model, spend_model
from transforms.value.gamma_gamma import SpendModel, spend_cells
from transforms.value.holdout import Metric
from transforms.value.outlook import Acquisition, revenue_outlook
from transforms.value.seasonal_time import SeasonalTime

MONTHS = 12
HOLDOUT_DAYS = 90
SHORTEST_HISTORY_DAYS = 180
"""Before the cut-off of the back-test."""
BINNED_ABOVE = 100_000
MADE_OF_CUT = (
    "outlook_actuals", "outlook_acquisition", "revenue_cells", "outlook_cells", "outlook_histories"
)  # fmt: skip


def offer_months(day: Day, fit: Fit, revenue: SpendModel, relative_error: float) -> None:
    """Offer `outlook_months`: the rest of the running month, if any, and twelve calendar months.

    relative_error: how far the outlook was off in its back-test, as a share.
    """
    time = fit.time(day)
    starts = _month_starts(day.as_of)
    ends = [(start - timedelta(days=1) - day.as_of).days for start in starts[1:]]
    rows = [place for place, end in enumerate(ends) if end > 0]
    histories, acquisition = _at(day, day.as_of, time)
    passed = [int(days) for days in time.ahead([ends[place] for place in rows])]
    found = revenue_outlook(histories, acquisition, fit.purchase, revenue, passed, relative_error)
    days = np.diff([0, *(ends[place] for place in rows)])
    day.put(
        "outlook_months",
        pa.table(
            {
                "months_ahead": pa.array(rows, pa.int32()),
                "month_start": pa.array([starts[place] for place in rows], pa.date32()),
                "count_days": pa.array(days, pa.int32()),
                **{name: pa.array(found[name].to_numpy()) for name in found.columns},
            }
        ),
    )


def fit_revenue(day: Day, cutoff: date) -> SpendModel:
    """The spend model of the revenue of repeat purchases up to a day."""
    _cut(day, cutoff)
    amounts = day.fetch("revenue_cells", "x, mean_value, n")
    count, n = amounts.column("x").to_numpy(), amounts.column("n").to_numpy()
    value = amounts.column("mean_value").cast(pa.float64()).to_numpy()
    return spend_model(spend_cells(count, value, n, binned=len(value) > BINNED_ABOVE))[0]


def outlook_holdout(on: date, day: Day, fit: Fit) -> list[tuple[Metric, date, int]]:
    """What would have been said 90 days earlier, held against the revenue since; none for a short history.

    In seasonal time where it is in use, as it was known then.

    The baseline is the revenue of the same days a year before, or of the 90 days before where there is none.
    """
    day.need("purchase_history")
    first = day.engine.scalar("SELECT MIN(first_on) FROM purchase_history")
    cutoff = on - timedelta(days=HOLDOUT_DAYS)
    if first is None or (cutoff - first).days < SHORTEST_HISTORY_DAYS:
        return []
    time = time_of(day, cutoff, fit.pattern_on(cutoff))
    histories, acquisition = _at(day, cutoff, time)
    purchase, _ = purchase_model(cells_from_frame(histories))
    revenue = fit_revenue(day, cutoff)
    found = revenue_outlook(histories, acquisition, purchase, revenue, [int(time.ahead(HOLDOUT_DAYS))])
    said = {name: float(found[name].to_numpy()[0]) for name in found.columns}
    (facts,) = day.fetch("outlook_actuals").to_pylist()
    actual = float(facts["revenue"])
    before = facts["revenue_year_before"]
    naive = float(facts["revenue_before"] if before is None else before)
    predicted = said["repeat_revenue"] + said["new_revenue"]
    inside = float(said["revenue_low"] <= actual <= said["revenue_high"])
    metrics = [Metric("revenue_actual", actual, None), Metric("revenue_predicted", predicted, naive)]
    if actual > 0:
        metrics.append(Metric("revenue_bias", predicted / actual - 1.0, naive / actual - 1.0))
    metrics.append(Metric("revenue_in_interval", inside, None))
    return [(metric, cutoff, HOLDOUT_DAYS) for metric in metrics]


def _at(day: Day, cutoff: date, time: SeasonalTime) -> tuple[pd.DataFrame, Acquisition]:
    """Histories and acquisition as they stood at the end of a day, in days of a time seen from it."""
    _cut(day, cutoff)
    histories = day.fetch("outlook_cells").to_pandas()
    histories["t_x_days"], histories["T_days"] = time.histories(histories["t_x_days"], histories["T_days"])
    came = day.fetch("outlook_acquisition").to_pylist()
    if not came:
        return histories, Acquisition(0, 0, 0.0)
    passed = -int(time.ahead(-came[0]["count_days"]))
    return histories, Acquisition(came[0]["newcomers"], passed, float(came[0]["first_revenue"]))


def _cut(day: Day, cutoff: date) -> None:
    """Say up to which day histories go, and make anew what goes by it."""
    for name in MADE_OF_CUT:
        day.forget(name)
    day.put("outlook_cut", pa.table({"cutoff": pa.array([cutoff], pa.date32())}))


def _month_starts(as_of: date) -> Sequence[date]:
    """First days of the month of as_of and of those after it, one more than is shown."""
    months = (as_of.year * 12 + as_of.month - 1 + place for place in range(MONTHS + 2))
    return [date(number // 12, number % 12 + 1, 1) for number in months]
