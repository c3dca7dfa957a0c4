"""Seasonal time: time in which purchases come evenly, because a busy day counts for several quiet ones.

A day of the quieter part of the year counts one, of the busier part `pace`, in whole days: from one purchase
to the next at least one day passes, and as many distinct histories stay as there were. The purchase models
are fitted and asked in this time; what they answer in days is turned back by the known calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from transforms.value.cells import Cells, FloatArray, IntArray, cells

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""Farther from today nobody asks."""
MONTHS = 12
EVEN_MONTHS = (1.0,) * MONTHS


class Season(NamedTuple):
    """One season, first and last day in it."""

    first_day: date
    last_day: date


class Pattern(NamedTuple):
    """How a company's year goes: what a day of the seasons counts, and one of January to December."""

    pace: float = 1.0
    months: tuple[float, ...] = EVEN_MONTHS


EVEN = Pattern()


@dataclass(frozen=True, eq=False)
class SeasonalTime:
    """Calendar days from the end of one day, the anchor, as seasonal days and back.

    beyond: on each day from first_day (counted from the anchor, which is 0) how many days more than those of
    the calendar have passed since the anchor; never falling, 0 at the anchor. Days outside it count one.
    """

    first_day: int
    beyond: IntArray

    def histories(self, t_x_days: ArrayLike, T_days: ArrayLike) -> tuple[IntArray, IntArray]:
        """(t_x, T) in seasonal days of histories observed up to the anchor, given in whole calendar days."""
        t_x, T = (np.asarray(days).astype(np.int64) for days in (t_x_days, T_days))
        at_first = self._beyond_on(-T)
        return t_x + self._beyond_on(t_x - T) - at_first, T - at_first

    def collapse(
        self, x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, n: ArrayLike | None = None
    ) -> Cells:
        """Cells of this time from histories in calendar days; as many as there would be in those."""
        return cells(x, *self.histories(t_x_days, T_days), n)

    def ahead(self, days: ArrayLike) -> FloatArray:
        """Seasonal days within so many calendar days after the anchor, or before it; NaN stays."""
        calendar = np.asarray(days, dtype=np.float64)
        found: FloatArray = calendar + np.interp(calendar, self._days, self.beyond)
        return found

    def calendar_days(self, seasonal: ArrayLike) -> FloatArray:
        """The inverse of ahead: after how many calendar days so many seasonal ones have passed."""
        passed = np.asarray(seasonal, dtype=np.float64)
        found: FloatArray = passed - np.interp(passed, self._days + self.beyond, self.beyond)
        return found

    @property
    def _days(self) -> IntArray:
        return np.arange(self.first_day, self.first_day + len(self.beyond))

    def _beyond_on(self, day: IntArray) -> IntArray:
        place = np.clip(day - self.first_day, 0, len(self.beyond) - 1)
        found: IntArray = self.beyond.take(place)
        return found


CALENDAR = SeasonalTime(0, np.zeros(1, dtype=np.int64))
"""No season: every day counts one."""


def seasonal_time(
    anchor: date,
    seasons: Sequence[Season],
    pace: float,
    months: Sequence[float] = EVEN_MONTHS,
    parts: int = 1,
) -> SeasonalTime:
    """Time in which a day of the seasons counts `pace` times one of the rest of the year, seen from a day.

    months: what a day of January to December counts beside that. The quietest days count one, whichever they
    are. parts: of a quiet day, which are then what is counted in whole numbers.
    """
    has_pace, has_months = pace != 1.0 and len(seasons) > 0, len(set(months)) > 1
    if not has_pace and not has_months and parts == 1:
        return CALENDAR
    weight = np.asarray(months, dtype=np.float64)[_month_numbers()]
    if has_pace:
        weight = np.where(_season_days(seasons), pace * weight, weight)
    gained = np.floor(np.cumsum(parts * (weight / weight.min()) - 1.0) + 0.5).astype(np.int64)
    place = _place(anchor)
    return SeasonalTime(-place, gained - gained[place])


def is_in_season(days: Sequence[date], seasons: Sequence[Season]) -> np.ndarray:
    """Which of these days lie in a season."""
    return _season_days(seasons)[[_place(day) for day in days]]


def _place(day: date) -> int:
    return (day - FIRST_DAY).days


def _season_days(seasons: Sequence[Season]) -> np.ndarray:
    """Whether each day from FIRST_DAY to LAST_DAY lies in a season."""
    found = np.zeros(_place(LAST_DAY) + 1, dtype=bool)
    for season in seasons:
        found[_place(season.first_day) : _place(season.last_day) + 1] = True
    return found


@cache
def _month_numbers() -> IntArray:
    """0 to 11 for January to December, of every day from FIRST_DAY to LAST_DAY."""
    days = np.arange(FIRST_DAY.isoformat(), (LAST_DAY + timedelta(days=1)).isoformat(), dtype="datetime64[D]")
    found: IntArray = days.astype("datetime64[M]").astype(np.int64) % MONTHS
    return found
