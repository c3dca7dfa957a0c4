"""How much faster customers buy in the season than in the rest of the year.

The pace is the one under which the histories are likeliest. A purchase is as likely on a day as the day is
long in seasonal time, so to the likelihood of the model in that time comes ln(pace) for every repeat of the
season.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy import optimize

from transforms.value.btyd import fit_purchases
from transforms.value.cells import Cells
from transforms.value.fallback import MINIMUM_CUSTOMERS, MINIMUM_REPEAT_CUSTOMERS
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import Season, is_in_season, seasonal_time

LARGEST_PACE = 5.0
"""Either way: no season is more than five times as busy, or as quiet."""
LOG_SD = 1.0
"""Of ln(pace) around 0 before any data: two in three seasons lie within a factor of e."""
LEAST_LOG_LIKELIHOOD = 2.0
"""What the pace must add to the likelihood of the histories: two standard errors from 1."""
TOLERANCE = 0.01
PARTS_OF_A_DAY = 100
"""Whole days would make the likelihood a saw: a season gains one day more or less as the pace is rounded."""


def season_pace(data: Cells, repeats: pd.DataFrame, seasons: Sequence[Season], until: date) -> float:
    """Purchases on a day of the season over those on another day, to the hundredth.

    data: histories in calendar days up to `until`. repeats: columns ordered_on and repeats, the repeat
    purchases of the same customers by day; later ones are not looked at. 1 while too little is known: no
    season lies wholly in the history, there are too few customers for a fit, or the pace is not two standard
    errors from 1.
    """
    known = [s for s in seasons if s.last_day <= until]
    oldest = until - timedelta(days=int(data.T_days.max(initial=0)))
    if (
        not any(season.first_day >= oldest for season in known)
        or data.customers < MINIMUM_CUSTOMERS
        or data.repeat_customers < MINIMUM_REPEAT_CUSTOMERS
    ):
        return 1.0
    came = repeats[repeats["ordered_on"] <= until]
    count, season = came["repeats"].to_numpy(np.float64), is_in_season(list(came["ordered_on"]), seasons)
    in_season, outside = float(count[season].sum()), float(count[~season].sum())
    start: list[PurchaseModel] = []

    def log_likelihood(log_pace: float) -> float:
        time = seasonal_time(until, seasons, math.exp(log_pace), parts=PARTS_OF_A_DAY)
        fitted = fit_purchases(
            time.collapse(data.x, data.t_x_days, data.T_days, data.n), start=start[-1] if start else None
        )
        start[:] = [fitted]
        return fitted.log_likelihood + in_season * max(log_pace, 0.0) + outside * max(-log_pace, 0.0)

    plain = log_likelihood(0.0)
    bound = math.log(LARGEST_PACE)
    found = optimize.minimize_scalar(
        lambda log_pace: (log_pace / LOG_SD) ** 2 / 2 - log_likelihood(log_pace),
        bounds=(-bound, bound),
        method="bounded",
        options={"xatol": TOLERANCE},
    )
    pace = round(math.exp(float(found.x)), 2)
    return pace if log_likelihood(math.log(pace)) - plain > LEAST_LOG_LIKELIHOOD else 1.0
