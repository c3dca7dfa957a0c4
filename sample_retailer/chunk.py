"""One chunk of the world: some people with everything they did, and the means to write it down."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from sample_retailer.baskets import Lines
from sample_retailer.catalogue import Catalogue
from sample_retailer.feeds import Feed, Keys
from sample_retailer.people import People
from sample_retailer.places import Places
from sample_retailer.purchases import Orders
from sample_retailer.randoms import Streams, pick, scramble
from sample_retailer.season import intensity
from sample_retailer.settings import WINDOW_DAYS, Settings
from sample_retailer.sheets import Desk
from sample_retailer.text import Scribe


@dataclass(frozen=True)
class Chunk:
    """What the channels read. `first_order` is the number of orders in the chunks before."""

    settings: Settings
    people: People
    places: Places
    catalogue: Catalogue
    member: np.ndarray
    orders: Orders
    lines: Lines
    desk: Desk
    draw: Streams
    scribe: Scribe
    first_order: int

    def number(self, kind: str, first: np.ndarray, salt: str) -> pa.ChunkedArray:
        """Customer or form numbers: a prefix and ten digits that tell nothing."""
        return self.scribe.write({"n": scramble(first, salt)}, {"number": f"numbered('{kind}', n)"}).column(0)

    def order_numbers(self, prefix: str, order: np.ndarray) -> pa.ChunkedArray:
        """Order numbers by position in `orders`; empty for -1."""
        numbers = pa.array(order + self.first_order + 1, mask=order < 0)
        return self.scribe.write(
            {"n": numbers}, {"number": f"'{prefix}' || lpad(n::VARCHAR, 9, '0')"}
        ).column(0)

    def delivered(self, day: np.ndarray, lag: np.ndarray | int) -> np.ndarray:
        """The day a row reaches us; nothing arrives after the last delivery."""
        return np.minimum(np.asarray(day, np.int64) + lag, WINDOW_DAYS - 1)

    def lags(self, rng: np.random.Generator, size: int) -> np.ndarray:
        return np.where(rng.random(size) < self.settings.late, rng.integers(1, 5, size), 0)

    def days(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Moments within the window, busier days more often, in opening hours."""
        return pick(rng, intensity(), size) + (8.0 + rng.beta(2, 2, size) * 13.5) / 24.0

    def accounts(self, orders: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(person, first number, position per order) of the customer numbers used in these orders."""
        key = self.orders.person[orders] * 2 + self.orders.second[orders]
        used, position = np.unique(key, return_inverse=True)
        person = used // 2
        return person, self.people.id[person] * 2 + used % 2, position


@dataclass
class Delivery:
    """What a channel hands over of a chunk."""

    feeds: list[Feed] = field(default_factory=list)
    keys: list[Keys] = field(default_factory=list)
