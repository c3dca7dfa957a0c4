"""Customers who buy faster in Ramadan or in some months, made from known models, and a day that knows their purchases.

Belongs here: making purchase days, offering them to a day as its `order_days`.
Does not belong here: expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.context import open_context
from assets.day import Day
from transforms.value.seasonal_time import EVEN_MONTHS, Season, seasonal_time

RAMADANS = [
    Season(dt.date(2024, 3, 11), dt.date(2024, 4, 9)),
    Season(dt.date(2025, 3, 1), dt.date(2025, 3, 30)),
    Season(dt.date(2026, 2, 19), dt.date(2026, 3, 20)),
]
START = dt.date(2024, 1, 1)
TRUTH = (0.9, 4.0, 0.6, 3.0)
"""MBG/NBD: r, alpha in weeks, a, b."""


def purchase_days(
    seed: int, customers: int, pace: float, days: int, months: Sequence[float] = EVEN_MONTHS
) -> pd.DataFrame:
    """customer_id and ordered_on of customers who begin evenly over `days` from START, each day once."""
    rng = np.random.default_rng(seed)
    r, alpha, a, b = TRUTH
    time = seasonal_time(START, RAMADANS, pace, months)
    rate, leaves = rng.gamma(r, 1 / alpha, customers) / 7, rng.beta(a, b, customers)
    moment = time.ahead(rng.integers(0, days, customers))
    here, found = np.arange(customers), []
    while len(here):
        found.append(
            pd.DataFrame({"customer_id": here + 1, "age": np.ceil(time.calendar_days(moment[here]))})
        )
        here = here[rng.random(len(here)) >= leaves[here]]
        moment[here] += rng.exponential(1 / rate[here])
        here = here[time.calendar_days(moment[here]) < days]
    events = pd.concat(found).drop_duplicates().sort_values(["customer_id", "age"], ignore_index=True)
    events["ordered_on"] = [START + dt.timedelta(days=int(age)) for age in events["age"]]
    return events[["customer_id", "ordered_on"]]


@contextmanager
def day_of(home: Path, purchases: pd.DataFrame, as_of: dt.date, settings: str = "") -> Iterator[Day]:
    """A day of an Indonesian company that knows these purchases up to it, of 10.00 each."""
    home.mkdir(parents=True, exist_ok=True)
    company = "company: {name: Made, timezone: Asia/Jakarta, currency: IDR, country: ID}\n"
    (home / "satu.yaml").write_text(company + settings, encoding="utf-8")
    (home / "secret.key").write_text("the same for every made company")
    known = purchases[purchases["ordered_on"] <= as_of]
    amount = pa.array([Decimal("10.00")] * len(known), pa.decimal128(18, 2))
    with Day(open_context(home), as_of, []) as day:
        day.put(
            "order_days",
            pa.table(
                {
                    "customer_id": pa.array(known["customer_id"], pa.int64()),
                    "ordered_on": pa.array(known["ordered_on"], pa.date32()),
                    "net_revenue": amount,
                    "margin": amount,
                    "count_orders": pa.array(np.ones(len(known)), pa.int32()),
                    "is_purchase": pa.array(np.ones(len(known), dtype=bool)),
                }
            ),
        )
        yield day
