"""What lies in each order: lines, prices, discounts; and what is brought back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from sample_retailer.catalogue import CATEGORIES, Catalogue
from sample_retailer.people import People
from sample_retailer.purchases import COMPLETED, MARKETPLACE, Orders
from sample_retailer.randoms import Streams, pick, zipf_weights
from sample_retailer.settings import WINDOW_DAYS, Settings

T = TypeVar("T", Orders, "Lines")
_EXTRA_LINES = 0.66
_CATEGORY_SHARES = [0.12, 0.24, 0.12, 0.08, 0.13, 0.11, 0.06, 0.04, 0.05, 0.05]


@dataclass(frozen=True)
class Lines:
    """One entry per order line, grouped by order; money in whole rupiah."""

    order: np.ndarray
    number: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray

    @property
    def amount(self) -> np.ndarray:
        return self.quantity * self.price - self.discount

    def take(self, index: np.ndarray) -> Lines:
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})


def make_lines(draw: Streams, people: People, orders: Orders, catalogue: Catalogue) -> Lines:
    """The lines of every order."""
    rng = draw("baskets")
    count = 1 + rng.poisson(_EXTRA_LINES, len(orders)).clip(0, 11)
    order = np.repeat(np.arange(len(orders)), count)
    number = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count) + 1
    product = _products(rng, people, orders, catalogue, order, number)
    years = orders.time[order] / 365.25
    price = np.rint(catalogue.price[product] * (1 + 0.04 * years) / 100).astype(np.int64) * 100
    quantity = 1 + pick(rng, [0.74, 0.17, 0.05, 0.02, 0.02], len(order))
    share = np.where(rng.random(len(order)) < 0.18, rng.choice([0.05, 0.1, 0.15, 0.2], len(order)), 0.0)
    discount = np.rint(price * quantity * share / 100).astype(np.int64) * 100
    return Lines(order, number, product, quantity, price, discount)


def _products(
    rng: np.random.Generator,
    people: People,
    orders: Orders,
    catalogue: Catalogue,
    order: np.ndarray,
    number: np.ndarray,
) -> np.ndarray:
    """Staples first, then favourites of the person, then what is bought along with the line before."""
    size = len(order)
    favourites = pick(rng, _CATEGORY_SHARES, 2 * len(people)).reshape(2, -1)
    known = orders.person[order]
    favourite = favourites[rng.integers(0, 2, size), known]
    category = np.where(
        (known >= 0) & (rng.random(size) < 0.62), favourite, pick(rng, _CATEGORY_SHARES, size)
    )
    product = np.zeros(size, np.int64)
    for c in range(len(CATEGORIES)):
        members = np.flatnonzero(catalogue.category == c)
        # popularity is spread over the list, so that the first product line does not win everything
        members = members[np.argsort((np.arange(len(members)) * 7) % len(members), kind="stable")]
        mask = category == c
        product[mask] = members[pick(rng, zipf_weights(len(members), 0.7), int(mask.sum()))]
    staple = orders.staple[order]
    product = np.where((number == 1) & (staple >= 0), staple, product)
    before = np.concatenate(([0], product[:-1]))
    companion = catalogue.companion[before]
    return np.where((number > 1) & (companion >= 0) & (rng.random(size) < 0.3), companion, product)


def with_returns(settings: Settings, draw: Streams, orders: Orders, lines: Lines) -> tuple[Orders, Lines]:
    """Adds returns as orders of their own with negative lines, full or in part, two to fourteen days later.

    The marketplace has no return orders: it changes the status of the order.
    """
    rng = draw("returns")
    can = (orders.status == COMPLETED) & (orders.channel != MARKETPLACE)
    back = np.flatnonzero(can & (rng.random(len(orders)) < settings.returned))
    time = orders.time[back] + rng.integers(2, 15, len(back))
    back, time = back[time < WINDOW_DAYS], time[time < WINDOW_DAYS]
    number_of = np.full(len(orders), -1)
    number_of[back] = np.arange(len(back))
    full = rng.random(len(orders)) < 0.4
    of_line = number_of[lines.order]
    given = (of_line >= 0) & (full[lines.order] | (lines.number == 1))
    part = lines.take(np.flatnonzero(given))
    fewer = ~full[part.order] & (part.quantity > 1)
    quantity = np.where(fewer, 1, part.quantity)
    minus = replace(
        part,
        order=of_line[given] + len(orders),
        quantity=-quantity,
        discount=-np.rint(part.discount * quantity / part.quantity).astype(np.int64),
    )
    extra = replace(orders.take(back), time=time, returns=back)
    return _sorted(_joined(orders, extra), _joined(lines, minus))


def _joined(first: T, second: T) -> T:
    return replace(
        first,
        **{f.name: np.concatenate((getattr(first, f.name), getattr(second, f.name))) for f in fields(first)},
    )


def _sorted(orders: Orders, lines: Lines) -> tuple[Orders, Lines]:
    order = np.argsort(orders.time, kind="stable")
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    orders = orders.take(order)
    orders = replace(orders, returns=np.where(orders.returns >= 0, place[orders.returns], -1))
    lines = replace(lines, order=place[lines.order])
    return orders, lines.take(np.argsort(lines.order, kind="stable"))
