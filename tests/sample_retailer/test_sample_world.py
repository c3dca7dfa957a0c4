"""The invented world behaves: households, phones, purchases, seasons."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sample_retailer.baskets import make_lines, with_returns
from sample_retailer.catalogue import build_catalogue
from sample_retailer.lexicon import build_lexicon
from sample_retailer.people import People, make_people
from sample_retailer.places import load_places
from sample_retailer.purchases import Orders, make_orders
from sample_retailer.randoms import scramble, spread, streams
from sample_retailer.settings import FIRST_DAY, IDULFITRI, Settings

SETTINGS = Settings(customers=20_000)


@pytest.fixture(scope="module")
def people() -> People:
    return make_people(SETTINGS, streams(1, 0), build_lexicon(), load_places(), 0, 20_000, 0)


@pytest.fixture(scope="module")
def orders(people: People) -> Orders:
    return make_orders(SETTINGS, streams(1, 0), people, load_places(), build_catalogue())[0]


def test_a_quarter_of_the_people_share_a_household(people: People) -> None:
    assert people.shares_household.mean() == pytest.approx(SETTINGS.shared_households, abs=0.01)


def test_some_of_a_household_give_the_phone_of_its_head(people: People) -> None:
    head = people.household
    assert 0.04 < people.shares_phone.mean() < 0.12
    assert (people.phone[people.shares_phone] == people.phone[head[people.shares_phone]]).all()


def test_a_number_passes_to_a_stranger_only_after_sixty_days(people: People) -> None:
    own = np.flatnonzero(~people.shares_phone & (people.phone_since > 0))
    given_up = dict(zip(people.first_phone[own].tolist(), own.tolist(), strict=True))
    passed = [
        (given_up[n], i)
        for i, n in zip(own.tolist(), people.phone[own].tolist(), strict=True)
        if n in given_up
    ]
    assert len(passed) > 100
    assert all(people.household[a] != people.household[b] for a, b in passed)
    assert all(people.phone_since[b] - people.phone_since[a] > 60 for a, b in passed)


def test_no_two_people_have_the_same_nik(people: People) -> None:
    nik = np.stack((people.nik_district, people.born, people.sex, people.nik_serial), axis=1)
    assert len(np.unique(nik, axis=0)) == len(people)


def test_two_thirds_buy_and_the_average_is_as_planned(people: People, orders: Orders) -> None:
    known = orders.person[orders.person >= 0]
    assert len(np.unique(known)) / len(people) == pytest.approx(SETTINGS.buyers, abs=0.02)
    assert 2.3 < len(orders) / len(people) < 3.0


def test_the_weeks_before_lebaran_are_the_busiest(orders: Orders) -> None:
    per_day = np.bincount(orders.day, minlength=730)
    for feast in IDULFITRI:
        day = (feast - FIRST_DAY).days
        peak = per_day[day - 24 : day - 7].mean()
        usual = per_day[day + 14 : day + 60].mean()
        assert peak > 1.5 * usual
        assert per_day[day : day + 4].mean() < 0.8 * usual


def test_payday_is_busier_than_mid_month(orders: Orders) -> None:
    month_day = np.array([date.fromordinal(FIRST_DAY.toordinal() + d).day for d in range(730)])
    per_day = np.bincount(orders.day, minlength=730)
    assert (
        per_day[(month_day >= 25) | (month_day <= 3)].mean()
        > 1.1 * per_day[(month_day > 3) & (month_day < 25)].mean()
    )


def test_returns_give_back_no_more_than_was_bought(people: People, orders: Orders) -> None:
    draw = streams(1, 0)
    lines = make_lines(draw, people, orders, build_catalogue())
    all_orders, all_lines = with_returns(SETTINGS, draw, orders, lines)
    back = all_orders.returns >= 0
    assert 0.01 < back.mean() < 0.06
    assert (all_orders.time[back] > all_orders.time[all_orders.returns[back]]).all()
    sums = np.bincount(all_lines.order, weights=all_lines.quantity)
    assert (sums[back] < 0).all()
    assert (-sums[back] <= sums[all_orders.returns[back]]).all()


def test_customer_numbers_never_meet() -> None:
    numbers = np.arange(200_000)
    assert len(np.unique(scramble(numbers, "member"))) == 200_000
    assert len(np.unique(spread(numbers, 5))) == 200_000
