"""Time in which a day of the season counts for as much as comes on it: small calendars, and what always holds."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.value.predict import next_purchase_days, p_alive, p_no_purchase
from transforms.value.seasonal_time import CALENDAR, Season, seasonal_time

ANCHOR = date(2024, 1, 10)
WEEK = Season(date(2024, 1, 8), date(2024, 1, 14))
"""Three days of it have passed at the anchor, four are to come."""
EARLIER = Season(date(2023, 12, 1), date(2023, 12, 10))

paces = st.floats(0.2, 5.0)
seasons = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(0, 40)).map(
        lambda s: Season(ANCHOR + timedelta(s[0]), ANCHOR + timedelta(s[0] + s[1]))
    ),
    max_size=4,
)
whole_days = st.integers(-2_000, 2_000)
months = st.lists(st.floats(0.3, 3.0), min_size=12, max_size=12)


def test_a_day_of_the_season_counts_its_pace_and_others_one() -> None:
    time = seasonal_time(ANCHOR, [WEEK], 3.0)
    assert time.ahead([0, 1, 4, 5, 100]).tolist() == [0, 3, 12, 13, 108]
    assert time.ahead([-1, -3, -4, -100]).tolist() == [-3, -9, -10, -106]


def test_a_quiet_season_counts_one_and_the_rest_of_the_year_more() -> None:
    time = seasonal_time(ANCHOR, [EARLIER, WEEK], 0.5)
    assert time.ahead([-3, -4, -30, -31]).tolist() == [-3, -5, -57, -59]
    assert time.ahead([4, 5]).tolist() == [4, 6]


def test_parts_of_a_day_are_rounded_in_sum_so_that_days_stay_whole() -> None:
    time = seasonal_time(date(2024, 1, 7), [WEEK], 1.4)
    assert time.ahead(np.arange(8)).tolist() == [0, 1, 3, 4, 6, 7, 8, 10]


def test_histories_are_counted_from_the_first_purchase_to_the_last_and_to_the_anchor() -> None:
    time = seasonal_time(ANCHOR, [WEEK], 3.0)
    t_x, T = time.histories([0, 5, 1, 0], [2, 6, 30, 30])
    assert t_x.tolist() == [0, 9, 1, 0], "bought first two days before the season and last on its second day"
    assert T.tolist() == [6, 12, 36, 36]


def test_a_date_ahead_is_found_by_the_calendar() -> None:
    time = seasonal_time(date(2024, 1, 7), [WEEK], 3.0)
    assert time.calendar_days([3, 21, 22, 50]).tolist() == [1, 7, 8, 36]
    assert np.isnan(time.calendar_days([np.nan, 1])).tolist() == [True, False]


@pytest.mark.parametrize(
    "time", [CALENDAR, seasonal_time(ANCHOR, [WEEK], 1.0), seasonal_time(ANCHOR, [], 2.0)]
)
def test_without_a_season_or_a_pace_every_day_counts_one(time) -> None:
    days = np.array([-500.0, -3.25, 0.0, 30.4375, 90.0])
    assert (time.ahead(days) == days).all()
    assert (time.calendar_days(days) == days).all()
    t_x, T = time.histories([0, 7], [3, 20])
    assert (t_x.tolist(), T.tolist()) == ([0, 7], [3, 20])


@given(seasons, paces, whole_days)
def test_each_day_adds_one_at_least_and_whole_days(known, pace, day) -> None:
    time = seasonal_time(ANCHOR, known, pace)
    before, after = time.ahead([day, day + 1])
    assert after - before >= 1
    assert before == int(before)
    assert after - before <= max(pace, 1 / pace) + 1


@given(seasons, paces, st.floats(-2_000, 2_000))
def test_back_and_forth_is_where_one_began(known, pace, days) -> None:
    time = seasonal_time(ANCHOR, known, pace)
    assert time.calendar_days(time.ahead(days)) == pytest.approx(days, abs=1e-9)
    assert time.ahead(time.calendar_days(days)) == pytest.approx(days, abs=1e-9)


@given(seasons, paces, st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=20))
def test_distinct_histories_stay_distinct_and_possible(known, pace, ages) -> None:
    pairs = sorted({(min(age), max(age)) for age in ages})
    t_x, T = seasonal_time(ANCHOR, known, pace).histories(*zip(*pairs, strict=True))
    assert len(set(zip(t_x.tolist(), T.tolist(), strict=True))) == len(pairs)
    assert (t_x <= T).all()
    assert ((t_x == 0) == (np.array([pair[0] for pair in pairs]) == 0)).all()


@given(seasons, paces, st.integers(1, 400))
def test_seen_from_a_later_day_the_days_between_are_the_same(known, pace, later) -> None:
    here, there = (seasonal_time(ANCHOR + timedelta(d), known, pace) for d in (0, later))
    assert here.ahead(later + 30) - here.ahead(later) == there.ahead(30)
    assert there.ahead(-later) == -here.ahead(later)


def test_a_month_counts_its_index_over_that_of_the_quietest_beside_the_season() -> None:
    index = [1.0] * 12
    index[0], index[1] = 4.0, 2.0
    time = seasonal_time(date(2023, 12, 31), [WEEK], 3.0, index)
    assert time.ahead([-1, 7, 14, 31, 60, 61]).tolist() == [-1, 28, 28 + 84, 28 + 84 + 68, 180 + 58, 239]


@given(
    seasons, paces, months, st.integers(0, 30), st.integers(0, 900), st.integers(0, 900), st.integers(1, 400)
)
def test_chances_of_models_asked_in_any_time_are_chances(
    model, known, pace, index, x, age, silence, horizon
) -> None:
    time = seasonal_time(ANCHOR, known, pace, index)
    fitted = model("mbg_nbd", 0.6, 5.0, 0.8, 2.5)
    repeats = x if age > 0 else 0
    t_x, T = time.histories([age if repeats else 0], [age + silence])
    assert 0 <= p_alive(fitted, repeats, t_x, T)[0] <= 1
    soon, later = (
        p_no_purchase(fitted, repeats, t_x, T, time.ahead(days))[0] for days in (horizon, horizon + 30)
    )
    assert 0 <= later <= soon <= 1
    quarter, half = (
        time.calendar_days(next_purchase_days(fitted, repeats, t_x, T, q))[0] for q in (0.25, 0.5)
    )
    assert np.isnan(half) or 0 < quarter < half
