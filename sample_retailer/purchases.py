"""When each person buys, and where: a dropout model of buying (BG/NBD) in busy time.

Every buyer has an own rate (gamma) and an own chance of leaving after each purchase (beta). About a fifth buy
a staple in rhythm: their gaps scatter little around the days one pack lasts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from sample_retailer.catalogue import Catalogue
from sample_retailer.people import People
from sample_retailer.places import Places
from sample_retailer.randoms import Streams, pick
from sample_retailer.season import BusyClock
from sample_retailer.settings import WINDOW_DAYS, Settings

POS, WEB, MARKETPLACE, MAIL = range(4)
COMPLETED, CANCELLED, RETURNED = range(3)
_MOST_PURCHASES = 90
_CHANNEL_SHARES = [0.50, 0.25, 0.20, 0.05]


@dataclass(frozen=True)
class Orders:
    """One entry per order, sorted by time. `person` is -1 for a walk-in customer."""

    person: np.ndarray
    second: np.ndarray  # bought under the person's second customer number
    time: np.ndarray  # days since FIRST_DAY, with fraction
    channel: np.ndarray
    shows_card: np.ndarray
    status: np.ndarray
    staple: np.ndarray  # product bought in rhythm, -1 for none
    store: np.ndarray
    payment: np.ndarray
    lag: np.ndarray  # days until the order is delivered to us
    returns: np.ndarray  # index of the order given back, -1 for none
    links_return: np.ndarray

    def __len__(self) -> int:
        return len(self.time)

    def take(self, index: np.ndarray) -> Orders:
        """Some of the orders; `returns` keeps pointing at the orders it was taken from."""
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @property
    def day(self) -> np.ndarray:
        return self.time.astype(np.int64)


def make_orders(
    settings: Settings, draw: Streams, people: People, places: Places, catalogue: Catalogue
) -> tuple[Orders, np.ndarray]:
    """(orders without returns, who is a loyalty member)."""
    rng = draw("purchases")
    count = len(people)
    person, day, staple = _purchase_days(settings, rng, count, catalogue)
    member, primary, other = _habits(settings, rng, count)
    channel = np.where(rng.random(len(person)) < 0.82, primary[person], other[person])
    walk_ins = rng.binomial(count, settings.walk_in_orders)
    clock = BusyClock()
    walk_in_days = clock.to_calendar(rng.random(walk_ins) * clock.to_busy(np.array([WINDOW_DAYS]))[0])
    person = np.concatenate((person, np.full(walk_ins, -1)))
    channel = np.concatenate((channel, np.full(walk_ins, POS)))
    staple = np.concatenate((staple, np.full(walk_ins, -1)))
    day = np.concatenate((day, walk_in_days)).clip(0, WINDOW_DAYS - 1e-6).astype(np.int64)
    total = len(person)
    has_second = rng.random(count) < settings.second_account
    known = person >= 0
    city = places.city_of[people.village[person]]
    store = np.where(known, places.nearest_store[city], pick(rng, places.weight[places.store_city], total))
    cancelled = (channel != POS) & (rng.random(total) < settings.cancelled)
    given_back = (channel == MARKETPLACE) & ~cancelled & (rng.random(total) < settings.returned)
    orders = Orders(
        person=person,
        second=known & has_second[person] & (day > WINDOW_DAYS // 3) & (rng.random(total) < 0.7),
        time=day + _hour(rng, channel) / 24.0,
        channel=channel,
        shows_card=known & member[person] & (rng.random(total) < 0.82),
        status=np.where(cancelled, CANCELLED, np.where(given_back, RETURNED, COMPLETED)),
        staple=staple,
        store=store,
        payment=pick(rng, [0.3, 0.25, 0.2, 0.15, 0.1], total),
        lag=np.where(rng.random(total) < settings.late, rng.integers(1, 5, total), 0),
        returns=np.full(total, -1),
        links_return=rng.random(total) < 0.7,
    )
    return orders.take(np.argsort(orders.time, kind="stable")), member


def _purchase_days(
    settings: Settings, rng: np.random.Generator, count: int, catalogue: Catalogue
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    buyers = np.flatnonzero(rng.random(count) < settings.buyers)
    size = len(buyers)
    staples = np.flatnonzero((catalogue.interval >= 14) & (catalogue.interval <= 62))
    staple = np.where(rng.random(size) < 0.22, rng.choice(staples, size), -1)
    rhythm = staple >= 0
    interval = catalogue.interval[staple] * rng.uniform(0.8, 1.3, size)
    rate = rng.gamma(0.85, 1 / 78.0, size).clip(1e-5)
    leave = np.where(rhythm, rng.beta(0.9, 4.6, size), rng.beta(0.9, 2.0, size))
    steady, busy = BusyClock(0.35), BusyClock()
    # a good third were customers before the window opens; the others join all along
    joined = np.where(
        rng.random(size) < 0.38,
        rng.exponential(60, size).clip(0, WINDOW_DAYS - 3),
        rng.uniform(0, WINDOW_DAYS - 3, size),
    )
    now = np.where(rhythm, steady.to_busy(joined), busy.to_busy(joined))
    end = busy.to_busy(np.array([WINDOW_DAYS]))[0]
    alive = np.arange(size)
    who: list[np.ndarray] = []
    when: list[np.ndarray] = []
    for _ in range(_MOST_PURCHASES):
        who.append(alive)
        when.append(now[alive])
        stays = rng.random(len(alive)) >= leave[alive]
        alive = alive[stays]
        gap = np.where(
            rhythm[alive],
            interval[alive] * rng.gamma(9.0, 1 / 9.0, len(alive)),
            rng.exponential(1.0, len(alive)) / rate[alive],
        )
        now[alive] += gap
        alive = alive[now[alive] < end - 0.01]
        if not len(alive):
            break
    index, moment = np.concatenate(who), np.concatenate(when)
    day = np.where(rhythm[index], steady.to_calendar(moment), busy.to_calendar(moment))
    return buyers[index], day, staple[index]


def _habits(
    settings: Settings, rng: np.random.Generator, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Loyalty membership, usual channel and the other channel of each person."""
    primary = pick(rng, _CHANNEL_SHARES, count)
    other = np.where(rng.random(count) < 0.35, pick(rng, _CHANNEL_SHARES, count), primary)
    store_buyer = (primary == POS) | (other == POS)
    share = np.where(store_buyer, settings.members_among_store_buyers, settings.members_among_others)
    return rng.random(count) < share, primary, other


def _hour(rng: np.random.Generator, channel: np.ndarray) -> np.ndarray:
    """Shops open nine to nine; online peaks in the evening, with some at the early meal of Ramadan."""
    size = len(channel)
    shop = 9.0 + rng.beta(1.6, 1.4, size) * 11.9
    online = np.where(rng.random(size) < 0.12, rng.normal(3.2, 0.7, size), rng.normal(18.0, 3.6, size))
    return np.where((channel == POS) | (channel == MAIL), shop, online.clip(0.05, 23.9))
