"""The company's seasons as a day knows them, and the time they make for a model fitted in it."""

from __future__ import annotations

from datetime import date

from assets.day import Day
from transforms.value.seasonal_time import CALENDAR, EVEN, Pattern, Season, SeasonalTime, seasonal_time


def seasons_of(day: Day) -> list[Season]:
    """The seasons of `seasons`, past and to come, the oldest first."""
    rows = day.fetch("seasons", "first_day, last_day").to_pylist()
    return sorted(Season(row["first_day"], row["last_day"]) for row in rows)


def time_of(day: Day, on: date, pattern: Pattern) -> SeasonalTime:
    """The time of models that know this pattern of the year, seen from a day."""
    return CALENDAR if pattern == EVEN else seasonal_time(on, seasons_of(day), *pattern)
