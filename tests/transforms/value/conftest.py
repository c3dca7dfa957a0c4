"""Customers for the value tests: the published CDNOW sample, and customers made from known models."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from transforms.value.backtest import Window
from transforms.value.cells import Cells, cells
from transforms.value.purchase_model import PurchaseKind, PurchaseModel

CALIBRATION_END = pd.Timestamp("1997-09-30")
HOLDOUT_DAYS = 273


@dataclass(frozen=True)
class Cdnow:
    """One row per customer: x, t_x_days, T_days, mean_repeat_value, y, days_to_next (NaN: none)."""

    customers: pd.DataFrame

    @property
    def cells(self) -> Cells:
        return cells(self.customers["x"], self.customers["t_x_days"], self.customers["T_days"])


@pytest.fixture(scope="session")
def cdnow() -> Cdnow:
    folder = os.environ.get("SATU_SHARED_DATA") or Path(__file__).parents[3] / ".." / "shared" / "data"
    path = Path(folder) / "cdnow_sample.txt"
    if not path.is_file():
        pytest.skip(f"the CDNOW sample is not at {path}; set SATU_SHARED_DATA to its folder")
    columns = ["_master", "customer", "day", "_cds", "dollars"]
    lines = pd.read_csv(path, sep=r"\s+", header=None, names=columns, dtype=str)
    lines["day"] = pd.to_datetime(lines["day"], format="%Y%m%d")
    lines["dollars"] = lines["dollars"].astype(float)
    days = lines.groupby(["customer", "day"], as_index=False)["dollars"].sum()
    first = days.groupby("customer")["day"].min()
    days["age"] = (days["day"] - days["customer"].map(first)).dt.days
    repeat = days[(days["day"] <= CALIBRATION_END) & (days["age"] > 0)].groupby("customer")
    later = days[days["day"] > CALIBRATION_END].groupby("customer")["day"]
    table = pd.DataFrame({"T_days": (CALIBRATION_END - first).dt.days})
    table = table.join(
        repeat.agg(x=("age", "size"), t_x_days=("age", "max"), mean_repeat_value=("dollars", "mean"))
    )
    table = table.join(later.size().rename("y")).fillna(0)
    table["days_to_next"] = (later.min() - CALIBRATION_END).dt.days
    whole = ["x", "t_x_days", "T_days", "y"]
    table[whole] = table[whole].astype(np.int64)
    return Cdnow(table)


@pytest.fixture(scope="session")
def simulate() -> Callable[..., pd.DataFrame]:
    return _simulate


@pytest.fixture(scope="session")
def model() -> Callable[..., PurchaseModel]:
    """A purchase model at given parameters, as if known exactly."""

    def made(kind: PurchaseKind, r: float, alpha: float, a: float, b: float) -> PurchaseModel:
        return PurchaseModel(kind, r, alpha, a, b, None, None, None, None, None, 0.0, 1, 0, 0.0, True)

    return made


def _simulate(
    rng: np.random.Generator,
    customers: int,
    r: float, alpha: float, a: float, b: float,
    observed_days: tuple[int, int],
    horizon_days: int = 0,
    leaves_at_once: bool = True,
    spend: tuple[float, float, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """One row per customer: x, t_x_days, T_days, mean_value up to T; y, future_value in the horizon after it.

    A purchase happens on the day its moment falls in (rounded up), purchases of one day are one. The horizon
    is not discounted. spend is (p, q, gamma) of Gamma-Gamma.
    """
    rate = rng.gamma(r, 1 / alpha, customers) / 7
    leaves = rng.beta(a, b, customers)
    T = rng.integers(*observed_days, customers, endpoint=True)
    here = np.arange(customers)
    if leaves_at_once:
        here = here[rng.random(customers) >= leaves]
    moment, found = np.zeros(customers), []
    while len(here):
        moment[here] += rng.exponential(1 / rate[here])
        here = here[moment[here] <= T[here] + horizon_days]
        found.append(pd.DataFrame({"customer": here, "day": np.ceil(moment[here]).astype(np.int64)}))
        here = here[rng.random(len(here)) >= leaves[here]]
    events = pd.concat(found).drop_duplicates()
    if spend is None:
        events["value"] = 1.0
    else:
        p, q, gamma = spend
        nu = rng.gamma(q, 1 / gamma, customers)
        events["value"] = rng.gamma(p, 1 / nu[events["customer"]])
    past = events["day"] <= T[events["customer"]]
    before = (
        events[past]
        .groupby("customer")
        .agg(x=("day", "size"), t_x_days=("day", "max"), mean_value=("value", "mean"))
    )
    after = events[~past].groupby("customer").agg(y=("day", "size"), future_value=("value", "sum"))
    table = pd.DataFrame({"T_days": T}).join(before).join(after).fillna(0)
    return table.astype({"x": np.int64, "t_x_days": np.int64, "y": np.int64})


@pytest.fixture(scope="session")
def origin(cdnow: Cdnow) -> Window:
    """Weeks 40 to 78 of CDNOW."""
    table = cdnow.customers.rename(columns={"days_to_next": "next_days"}).assign(y_year_before=0, n=1)
    return Window.of(table, 273, 272)
