"""The months ahead and the chances of churn in seasonal time: the month before Lebaran shows its peak."""

from __future__ import annotations

from datetime import date

import pytest

from assets.day import Day
from assets.fits import Fit
from assets.outlook import fit_revenue, offer_months
from assets.scores import score_churn, score_values
from assets.seasons import time_of
from tests.support.seasonal_customers import START, day_of, purchase_days
from transforms.value.fallback import purchase_model
from transforms.value.gamma_gamma import SpendModel
from transforms.value.seasonal_time import Pattern

AS_OF = date(2024, 12, 31)
PACE = 3.0
Row = dict[str, object]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory):
    purchases = purchase_days(4, 1_500, PACE, (AS_OF - START).days + 1)
    with day_of(tmp_path_factory.mktemp("season"), purchases, AS_OF) as day:
        yield day


@pytest.fixture(scope="module")
def revenue(day: Day) -> SpendModel:
    return fit_revenue(day, AS_OF)


def fitted(day: Day, revenue: SpendModel, pace: float) -> Fit:
    """The fit of the day at a pace, 1 for plain time."""
    histories = day.fetch("purchase_cells", "x, t_x_days, T_days, n").to_pandas()
    data = time_of(day, AS_OF, Pattern(pace)).collapse(
        *(histories[name] for name in ("x", "t_x_days", "T_days", "n"))
    )
    purchase, note = purchase_model(data)
    patterns = {} if pace == 1.0 else {AS_OF: Pattern(pace)}
    return Fit(AS_OF, "auto", "lebaran", [], purchase, note, patterns, revenue, "", None, {}, [], None)


def months(day: Day, revenue: SpendModel, pace: float) -> dict[tuple[int, int], Row]:
    offer_months(day, fitted(day, revenue, pace), revenue, 0.0)
    rows = day.fetch("outlook_months").to_pylist()
    return {(row["month_start"].year, row["month_start"].month): row for row in rows}


def per_day(row: Row, name: str) -> float:
    return row[name] / row["count_days"]


def test_the_month_of_ramadan_shows_its_peak_and_others_do_not(day: Day, revenue: SpendModel) -> None:
    """Ramadan 2025 is March but for its last day; known customers leave, newcomers come evenly in seasonal time."""
    found = months(day, revenue, PACE)
    before, within, after = (found[2025, month] for month in (2, 3, 4))
    assert 2.5 < per_day(within, "repeat_orders") / per_day(after, "repeat_orders") < 3.5
    assert per_day(within, "new_customers") / per_day(before, "new_customers") == pytest.approx(91 / 31)
    assert within["revenue_low"] < within["repeat_revenue"] + within["new_revenue"] < within["revenue_high"]
    plain = months(day, revenue, 1.0)
    assert per_day(plain[2025, 3], "new_customers") == pytest.approx(per_day(plain[2025, 2], "new_customers"))
    assert per_day(plain[2025, 3], "repeat_orders") < per_day(plain[2025, 2], "repeat_orders")


def test_newcomers_of_the_past_are_spread_over_the_days_of_their_time(day: Day, revenue: SpendModel) -> None:
    """The 180 days up to the end of 2024 hold no Ramadan: a quiet day brings what it brought."""
    seasonal, plain = (months(day, revenue, pace) for pace in (PACE, 1.0))
    assert seasonal[2025, 1]["new_customers"] == pytest.approx(plain[2025, 1]["new_customers"])


def scores(day: Day, revenue: SpendModel, pace: float, name: str) -> dict[tuple[object, int], Row]:
    """Scores of churn by history and horizon, of value by customer and horizon."""
    fit = fitted(day, revenue, pace)
    score_churn(day, fit, (30, 90))
    score_values(day, fit, (30, 90), 0.1)
    key = history if name == "churn_scores" else (lambda row: row["customer_id"])
    return {(key(row), row["horizon_days"]): row for row in day.fetch(name).to_pylist()}


def history(row: Row) -> tuple[object, ...]:
    return row["x"], row["t_x_days"], row["T_days"]


def test_in_seasonal_time_chances_stay_chances_and_quartiles_in_order(day: Day, revenue: SpendModel) -> None:
    found = scores(day, revenue, PACE, "churn_scores")
    for (who, horizon), row in found.items():
        assert 0 <= row["p_no_purchase"] <= 1
        assert 0 <= row["p_alive"] <= 1
        assert found[who, 30]["p_no_purchase"] >= found[who, 90]["p_no_purchase"] or horizon == 30
        days = [row[name] for name in ("next_days_p25", "next_days", "next_days_p75")]
        known = [number for number in days if number is not None]
        assert known == sorted(known)
        assert all(number >= 1 for number in known)


def test_churn_and_value_count_in_the_same_time(day: Day, revenue: SpendModel) -> None:
    churn, value = (scores(day, revenue, PACE, name) for name in ("churn_scores", "value_scores"))
    rows = day.fetch("purchase_history", "customer_id, x, t_x_days, T_days").to_pylist()
    of = {row["customer_id"]: history(row) for row in rows}
    for (who, horizon), row in value.items():
        assert row["p_no_purchase"] == pytest.approx(churn[of[who], horizon]["p_no_purchase"])


def test_a_season_ahead_adds_more_purchases_than_as_many_other_days(day: Day, revenue: SpendModel) -> None:
    """The first thirty days hold no Ramadan, the ninety do."""
    growth = {
        pace: [
            found[who, 90]["expected_purchases"] / row["expected_purchases"]
            for (who, horizon), row in found.items()
            if horizon == 30
        ]
        for pace in (PACE, 1.0)
        for found in [scores(day, revenue, pace, "value_scores")]
    }
    assert min(growth[PACE]) > max(growth[1.0])


def test_what_comes_later_within_the_horizon_is_discounted_by_the_calendar(
    day: Day, revenue: SpendModel
) -> None:
    """Thirty days are one step, so the discount is that of half of them, whatever the pace."""
    for pace in (PACE, 1.0):
        for (_, horizon), row in scores(day, revenue, pace, "value_scores").items():
            if horizon == 30:
                worth = row["expected_purchases"] * row["expected_margin_per_purchase"]
                assert row["clv"] / worth == pytest.approx(1.1 ** (-15 / 365.25))
