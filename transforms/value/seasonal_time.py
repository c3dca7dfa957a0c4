"""Seasonal time: time in which purchases come evenly, because a busy day counts for several quiet ones.

A day of the quieter part of the year counts one, of the busier part `pace`, in whole days: from one purchase
to the next at least one day passes, and as many distinct histories stay as there were. The purchase models
are fitted and asked in this time; what they answer in days is turned back by the known calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from transforms.value.cells import Cells, FloatArray, IntArray, cells

FARTHEST_DAYS = 40_000
"""A century: farther from the seasons that are known nobody asks."""


class Season(NamedTuple):
    """One season, first and last day in it."""

    first_day: date
    last_day: date


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


def seasonal_time(anchor: date, seasons: Sequence[Season], pace: float, parts: int = 1) -> SeasonalTime:
    """Time in which a day of the seasons counts `pace` times one of the rest of the year, seen from a day.

    Below a pace of 1 the season is the quieter part. Before the first season and after the last, days are as
    in the rest of the year. parts: of a quiet day, which are then what is counted in whole numbers.
    """
    if (pace == 1.0 and parts == 1) or not seasons:
        return CALENDAR
    first = min(season.first_day for season in seasons).toordinal() - FARTHEST_DAYS
    last = max(season.last_day for season in seasons).toordinal() + FARTHEST_DAYS
    days = np.arange(first, last + 1)
    weight = np.where(is_in_season(days, seasons), pace, 1.0)
    return _weighted(anchor, first, parts * weight / min(pace, 1.0))


def is_in_season(ordinals: IntArray, seasons: Sequence[Season]) -> np.ndarray:
    """Which of these days, as `date.toordinal` numbers them, lie in a season."""
    found = np.zeros(len(ordinals), dtype=bool)
    for season in seasons:
        found |= (ordinals >= season.first_day.toordinal()) & (ordinals <= season.last_day.toordinal())
    return found


def _weighted(anchor: date, first: int, weight: FloatArray) -> SeasonalTime:
    """Each day from `first` counts its weight, 1 or more, rounded in sum."""
    gained = np.floor(np.concatenate(([0.0], np.cumsum(weight - 1.0))) + 0.5).astype(np.int64)
    before_first = first - 1 - anchor.toordinal()
    at_anchor = gained[np.clip(-before_first, 0, len(gained) - 1)]
    return SeasonalTime(before_first, gained - at_anchor)
