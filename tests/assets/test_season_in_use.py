"""When time is counted by the season: made customers who have one, and made customers who have none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from assets.choosing_time import choose_time
from assets.quality import Quality
from assets.seasons import seasons_of
from assets.windows import Windows
from tests.support.seasonal_customers import RAMADANS, START, day_of, purchase_days
from transforms.value.seasonal_time import CALENDAR, EVEN_MONTHS, Pattern

FIT_DAY = date(2025, 7, 1)
DAYS = (FIT_DAY - START).days + 1
CUSTOMERS = 1_500
Chosen = tuple[Windows, Quality, dict[date, Pattern]]


def chosen(
    home: Path, purchases: pd.DataFrame, settings: str = "", fit_day: date = FIT_DAY, by_month: bool = False
) -> Chosen:
    with day_of(home, purchases, fit_day, settings) as day:
        quality = Quality()
        windows = Windows(day, fit_day, START, CUSTOMERS)
        patterns = choose_time(windows, quality, may_have_months=by_month)
        windows.at(fit_day - timedelta(90), 90)
        return windows, quality, patterns


def figures(quality: Quality, metric: str) -> dict[tuple[date, int], tuple[float | None, float | None]]:
    return {key[2:]: found for key, found in quality.rows.items() if key[1] == metric}


@pytest.fixture(scope="module")
def with_a_season(tmp_path_factory: pytest.TempPathFactory) -> Chosen:
    return chosen(tmp_path_factory.mktemp("season"), purchase_days(1, CUSTOMERS, 2.0, DAYS))


def test_the_seasons_of_a_company_are_the_thirty_days_up_to_the_eve_of_idulfitri(tmp_path: Path) -> None:
    with day_of(tmp_path, purchase_days(1, 3, 1.0, 10), FIT_DAY) as day:
        assert set(RAMADANS) <= set(seasons_of(day))
    with day_of(tmp_path, purchase_days(1, 3, 1.0, 10), FIT_DAY, "churn: {season: none}\n") as day:
        assert seasons_of(day) == []


def test_a_true_season_is_found_wins_and_is_in_use(with_a_season: Chosen) -> None:
    windows, quality, patterns = with_a_season
    assert patterns[FIT_DAY].pace == pytest.approx(2.0, abs=0.25)
    assert figures(quality, "is_season_in_use") == {(FIT_DAY, 0): (1.0, None)}
    gain, needed = figures(quality, "season_gain")[FIT_DAY, 30]
    assert gain is not None
    assert needed is not None
    assert gain > needed > 0
    cutoff = FIT_DAY - timedelta(90)
    window = windows.at(cutoff, 90)
    assert window is not None
    assert window.time.ahead(-60) < -60 - 15, "the sixty days before hold a season"
    assert window.horizon_days == 90


def test_every_origin_goes_by_what_was_known_then(with_a_season: Chosen) -> None:
    """The first Ramadan ended on 9 April 2024; origins before it know no pace and count for nothing."""
    _, quality, patterns = with_a_season
    origins = {cutoff for cutoff, _ in figures(quality, "season_gain")} - {FIT_DAY}
    assert origins
    assert min(origins) >= date(2024, 4, 9)
    assert {(FIT_DAY - origin).days % 30 for origin in origins} == {0}
    assert set(figures(quality, "season_pace")) == {(cutoff, 0) for cutoff in {*origins, FIT_DAY}}
    assert origins <= set(patterns)


def test_without_a_true_season_time_stays_plain(tmp_path: Path) -> None:
    windows, quality, patterns = chosen(tmp_path, purchase_days(2, CUSTOMERS, 1.0, DAYS))
    assert patterns == {}
    assert figures(quality, "is_season_in_use") == {(FIT_DAY, 0): (0.0, None)}
    window = windows.at(FIT_DAY - timedelta(90), 90)
    assert window is not None
    assert window.time is CALENDAR


def test_a_season_that_changed_its_course_is_not_in_use(tmp_path: Path) -> None:
    """Three times as busy in the first Ramadan, as any other month in the second: it foretold the wrong thing."""
    first, then = (purchase_days(3, CUSTOMERS, pace, DAYS) for pace in (3.0, 1.0))
    turn = date(2024, 12, 1)
    mixed = pd.concat(
        [first[first["ordered_on"] < turn], then[then["ordered_on"] >= turn]], ignore_index=True
    )
    _, quality, patterns = chosen(tmp_path, mixed, fit_day=date(2025, 4, 1))
    recent = {cutoff: gain for (cutoff, _), (gain, _) in figures(quality, "season_gain").items()}
    assert recent[date(2025, 4, 1) - timedelta(30)] < 0
    assert patterns == {} or figures(quality, "season_pace")[date(2025, 4, 1), 0] < (1.5, 1.0)


def test_a_company_without_a_season_is_not_asked(tmp_path: Path) -> None:
    _, quality, patterns = chosen(tmp_path, purchase_days(1, CUSTOMERS, 2.0, DAYS), "churn: {season: none}\n")
    assert (patterns, quality.rows) == ({}, {})


CHRISTMAS = (0.8, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.2, 1.6, 2.2)
FOUR_YEARS = date(2027, 12, 31)
NO_LEBARAN = "churn: {season: none}\n"


def years(seed: int, months: Sequence[float]) -> pd.DataFrame:
    return purchase_days(seed, 800, 1.0, (FOUR_YEARS - START).days + 1, months)


def test_a_true_year_is_found_wins_and_is_in_use(tmp_path: Path) -> None:
    _, quality, patterns = chosen(tmp_path, years(4, CHRISTMAS), NO_LEBARAN, FOUR_YEARS, True)
    assert figures(quality, "is_year_in_use") == {(FOUR_YEARS, 0): (1.0, None)}
    gain, needed = figures(quality, "year_gain")[FOUR_YEARS, 30]
    assert gain is not None
    assert needed is not None
    assert gain > needed
    months = patterns[FOUR_YEARS].months
    assert months[11] > months[10] > months[4]
    (december,) = {
        found for (cutoff, _), found in figures(quality, "year_pace_12").items() if cutoff == FOUR_YEARS
    }
    assert december == (months[11], 1.0)
    origins = {cutoff for cutoff, _ in figures(quality, "year_gain")}
    assert min(origins) >= START + timedelta(730), "two years are known at every origin"


def test_an_even_year_stays_the_calendar(tmp_path: Path) -> None:
    _, quality, patterns = chosen(tmp_path, years(5, EVEN_MONTHS), NO_LEBARAN, FOUR_YEARS, True)
    assert patterns == {}
    assert figures(quality, "is_year_in_use") == {(FOUR_YEARS, 0): (0.0, None)}


def test_before_every_month_was_foretold_once_the_year_is_not_in_use(tmp_path: Path) -> None:
    fit_day = START + timedelta(730 + 345)
    _, quality, patterns = chosen(tmp_path, years(4, CHRISTMAS), NO_LEBARAN, fit_day, True)
    assert len(figures(quality, "year_gain")) == 11
    assert patterns == {}
