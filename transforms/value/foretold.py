"""A hold-out as it is drawn: what was foretold at the cut beside what came, by group and week by week.

Sums, not means, so that groups add up to all customers; who divides says how few are too few.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from transforms.value.backtest import Window
from transforms.value.cells import FloatArray, IntArray, totals, whole_numbers
from transforms.value.predict import expected_of_newcomer, expected_purchases, p_no_purchase
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import CALENDAR, SeasonalTime

MOST_REPEATS = 7
"""The last group by repeat purchases: so many or more."""
TENTHS = 10
DAYS_IN_A_WEEK = 7


def foretold_groups(model: PurchaseModel, window: Window) -> pd.DataFrame:
    """One row per breakdown and group that holds customers, sorted by it.

    breakdown: repeats (purchases after the first one up to the cut) or probability (tenths of the chance to
    buy that was said). purchases_ and buyers_: said (expected) and seen, summed over the customers.
    """
    x, w = window.history[0], window.weight
    said = 1.0 - p_no_purchase(model, *window.history, window.span)
    figures = {
        "customers": w,
        "purchases_said": w * expected_purchases(model, *window.history, window.span),
        "purchases_seen": w * window.actual,
        "buyers_said": w * said,
        "buyers_seen": w * window.happened,
    }
    groups = {
        "probability": np.minimum((said * TENTHS).astype(np.int64), TENTHS - 1),
        "repeats": np.minimum(x.astype(np.int64), MOST_REPEATS),
    }
    parts = []
    for breakdown, group in groups.items():
        sums = {name: totals(group, values, TENTHS) for name, values in figures.items()}
        found = pd.DataFrame({"breakdown": breakdown, "group_no": np.arange(TENTHS), **sums})
        parts.append(found[found["customers"] > 0])
    return pd.concat(parts, ignore_index=True)


def foretold_weeks(
    model: PurchaseModel,
    T_days: ArrayLike,
    n: ArrayLike,
    days_after_cut: ArrayLike,
    repeats: ArrayLike,
    horizon_days: int,
    time: SeasonalTime = CALENDAR,
) -> pd.DataFrame:
    """Repeat purchases up to the end of each week, foretold and seen, of those who first bought by the cut.

    T_days, n: days from the first purchase to the cut, and how many customers. days_after_cut, repeats: what
    came on which day, 0 the cut itself, before it negative. Weeks end on the cut and every 7 days from it,
    the last one with the hold-out. Foretold is what the model says of newcomers: n E[X(t)], on either side of
    the cut, as Fader, Hardie, Lee 2005 draw it. Days are the calendar's, the model's those of `time`.
    """
    age, customers = whole_numbers(T_days, "T_days"), np.asarray(n, dtype=np.float64)
    if len(age) == 0:
        return pd.DataFrame({name: [] for name in ("end_day", "customers", "said", "seen")})
    oldest = int(age.max())
    began = totals(oldest - age, customers, oldest + 1)  # by day since the very first purchase
    weeks = np.arange(-(oldest // DAYS_IN_A_WEEK), -(-horizon_days // DAYS_IN_A_WEEK) + 1)
    ends = np.minimum(weeks * DAYS_IN_A_WEEK, horizon_days)
    came = totals(
        np.asarray(days_after_cut, dtype=np.int64) + oldest,
        np.asarray(repeats, dtype=np.float64),
        oldest + horizon_days + 1,
    ).cumsum()
    return pd.DataFrame(
        {
            "end_day": ends,
            "customers": [began[: oldest + end + 1].sum() for end in ends],
            "said": foretold_by(model, age, customers, ends, time),
            "seen": came[oldest + ends],
        }
    )


def foretold_by(
    model: PurchaseModel,
    T_days: ArrayLike,
    n: ArrayLike,
    end_days: Sequence[int] | IntArray,
    time: SeasonalTime = CALENDAR,
) -> FloatArray:
    """Expected repeat purchases up to each of these days, counted from the cut, of all who had begun by then.

    T_days, n, time: as for foretold_weeks; the ends ascend.
    """
    age = whole_numbers(T_days, "T_days")
    oldest = int(age.max())
    began = totals(oldest - age, np.asarray(n, dtype=np.float64), oldest + 1)
    passed = time.ahead(np.arange(-oldest, int(end_days[-1]) + 1)).astype(np.int64)
    passed -= passed[0]
    foretold = np.concatenate([[0.0], expected_of_newcomer(model, np.arange(1, passed[-1] + 1))])
    return np.array([_said(began, foretold, passed[: oldest + end + 1]) for end in end_days])


def _said(began: FloatArray, foretold: FloatArray, passed: IntArray) -> float:
    """Expected repeat purchases of all who had begun; passed: the days of the model's time up to each day."""
    known = began[: len(passed)]
    return float((known * foretold[passed[-1] - passed[: len(known)]]).sum())
