"""Which time a company's models are fitted in: the calendar's, or one that knows its season or its year."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from assets.quality import Quality
from assets.windows import Learn, Windows, fitted
from transforms.value.backtest import Window, log_scores
from transforms.value.cells import FloatArray
from transforms.value.choice import DEFAULT_KIND, paired_gain
from transforms.value.month_index import LEAST_YEARS
from transforms.value.naive import DAYS_IN_A_YEAR
from transforms.value.seasonal_time import MONTHS, Pattern

ORIGINS, HORIZON_DAYS = 24, 30
"""Every day of up to two years once: the weeks before a season, in it, after it, and the rest of the year."""


def choose_time(windows: Windows, quality: Quality, *, may_have_months: bool) -> dict[date, Pattern]:
    """The pattern of the year by the day up to which it was learned; none where plain time stays in use.

    First whether seasons count, then whether months do beside them, each month foretold at least once. From
    then on the windows are in the time in use.
    """
    if windows.seasons:
        over = [season.last_day for season in windows.seasons if season.first_day >= windows.first]
        _use_if_it_wins("season", windows, windows.with_pace, min(over, default=date.max), 1, quality)
    if may_have_months:
        known_from = windows.first + timedelta(days=LEAST_YEARS * DAYS_IN_A_YEAR)
        _use_if_it_wins("year", windows, windows.with_months, known_from, MONTHS, quality)
    return windows.patterns() if windows.learned else {}


def _use_if_it_wins(
    name: str, windows: Windows, learn: Learn, known_from: date, least_origins: int, quality: Quality
) -> None:
    """Take up what is learned of the year where it made what came likelier than the time in use.

    Origin after origin from `known_from` on, with what was known by then: on the average by more than two
    standard errors.
    """
    differences, weights = [], []
    for step in range(ORIGINS, 0, -1):
        cutoff = windows.fit_day - timedelta(days=step * HORIZON_DAYS)
        plain = windows.plain(cutoff, HORIZON_DAYS) if cutoff >= known_from else None
        if plain is None or not _is_new(windows, learn, cutoff, plain):
            continue
        differences.append(_gains(windows, learn, cutoff, plain))
        weights.append(plain.weight)
        gain = paired_gain(differences[-1], plain.weight)
        quality.add(DEFAULT_KIND, f"{name}_gain", *gain, cutoff, HORIZON_DAYS)
        _keep(name, learn(windows.pattern(cutoff, plain), cutoff, plain), cutoff, quality)
    is_in_use, today = False, windows.plain(windows.fit_day, 0) if differences else None
    if today is not None and len(differences) >= least_origins:
        gain = paired_gain(np.concatenate(differences), np.concatenate(weights))
        quality.add(DEFAULT_KIND, f"{name}_gain", *gain, windows.fit_day, HORIZON_DAYS)
        pattern = learn(windows.pattern(windows.fit_day, today), windows.fit_day, today)
        _keep(name, pattern, windows.fit_day, quality)
        is_in_use = gain.is_enough and _is_new(windows, learn, windows.fit_day, today)
    if is_in_use:
        windows.learned.append(learn)
    quality.add(DEFAULT_KIND, f"is_{name}_in_use", float(is_in_use), None, windows.fit_day)


def _is_new(windows: Windows, learn: Learn, cutoff: date, plain: Window) -> bool:
    """Whether something could be learned that the time in use does not know."""
    in_use = windows.pattern(cutoff, plain)
    return learn(in_use, cutoff, plain) != in_use


def _gains(windows: Windows, learn: Learn, cutoff: date, plain: Window) -> FloatArray:
    """How much likelier what came was made by what is learned, for each row of a window."""
    in_use = windows.pattern(cutoff, plain)
    ours, theirs = (
        windows.counted(cutoff, plain, pattern) for pattern in (learn(in_use, cutoff, plain), in_use)
    )
    found: FloatArray = log_scores(fitted(ours, DEFAULT_KIND), ours) - log_scores(
        fitted(theirs, DEFAULT_KIND), theirs
    )
    return found


def _keep(name: str, pattern: Pattern, cutoff: date, quality: Quality) -> None:
    """What was learned up to a day, of the months by their number."""
    if name == "season":
        quality.add(DEFAULT_KIND, "season_pace", pattern.pace, 1.0, cutoff)
        return
    for number, index in enumerate(pattern.months, start=1):
        quality.add(DEFAULT_KIND, f"year_pace_{number:02}", index, 1.0, cutoff)
