"""How much busier each month of the year is: purchases seen over purchases foretold, since the first one.

Foretold by the model of the same histories, so that a growing company or a wave of newcomers is no season.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from transforms.value.cells import Cells, totals
from transforms.value.fallback import purchase_model
from transforms.value.foretold import foretold_by
from transforms.value.naive import DAYS_IN_A_YEAR
from transforms.value.purchase_model import FALLBACK_KIND
from transforms.value.seasonal_time import EVEN_MONTHS, MONTHS, Season, seasonal_time

LEAST_YEARS = 2
"""A month that was seen once may have been busy for any reason."""
PURCHASES_WORTH = 100.0
"""So many purchases each month is thought to have had as foretold, besides its own: shrinks it to 1."""


def month_index(
    data: Cells, repeats: pd.DataFrame, seasons: Sequence[Season], pace: float, until: date
) -> tuple[float, ...]:
    """The index of January to December, in thousandths; all 1 before two years and without a fit.

    data, repeats, until: as for season_pace. What the seasons at their pace explain is no part of it.
    """
    oldest = int(data.T_days.max(initial=0))
    if oldest < LEAST_YEARS * DAYS_IN_A_YEAR:
        return EVEN_MONTHS
    time = seasonal_time(until, seasons, pace)
    model, _ = purchase_model(time.collapse(data.x, data.t_x_days, data.T_days, data.n))
    if model.kind == FALLBACK_KIND:
        return EVEN_MONTHS
    ends = _month_ends(until - timedelta(days=oldest), until)
    said = foretold_by(model, data.T_days, data.n, [(end - until).days for end in ends], time)
    known = repeats[repeats["ordered_on"] <= until]
    months = np.array([end.month - 1 for end in ends])
    expected = totals(months, np.diff(said, prepend=0.0), MONTHS)
    came = np.array([day.month - 1 for day in known["ordered_on"]], dtype=np.int64)
    seen = totals(came, known["repeats"].to_numpy(np.float64), MONTHS)
    expected *= seen.sum() / expected.sum()
    index = (seen + PURCHASES_WORTH) / (expected + PURCHASES_WORTH)
    return tuple(round(float(value), 3) for value in index)


def _month_ends(first: date, until: date) -> list[date]:
    """The last days of the months from that of `first` on, and `until`."""
    numbers = range(first.year * 12 + first.month, until.year * 12 + until.month)
    starts = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return [*(start - timedelta(days=1) for start in starts), until]
