"""What a simple rule would have said: the forecasts a model must beat to be worth its trouble."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.value.cells import FloatArray

DAYS_IN_A_YEAR = 365


@dataclass(frozen=True, eq=False)
class Forecast:
    """What a rule or a model says: a rank, and where it has one a count and a probability of any purchase."""

    name: str
    rank: FloatArray
    count: FloatArray | None
    probability: FloatArray | None


def naive_forecasts(
    x: FloatArray,
    t_x_days: FloatArray,
    T_days: FloatArray,
    y_year_before: FloatArray | None,
    weight: FloatArray,
    happened: FloatArray,
    horizon_days: int,
) -> list[Forecast]:
    """The rules, each from what was known at the cut-off but for the base rate, which is told the outcome.

    naive_base_rate: the share that bought in this very window, for everybody. naive_days_since_last: whoever
    bought later ranks higher. naive_own_rate: the customer's x / T goes on, as a Poisson count.
    naive_last_year: the same days of a year before come again; only when y_year_before is known.
    """
    own = x / np.maximum(T_days, 1.0) * horizon_days
    share = float((weight * happened).sum() / weight.sum())
    found = [
        Forecast("naive_base_rate", np.zeros_like(x), None, np.full_like(x, share)),
        Forecast("naive_days_since_last", t_x_days - T_days, None, None),
        Forecast("naive_own_rate", own, own, -np.expm1(-own)),
    ]
    if y_year_before is not None:
        again = (y_year_before > 0).astype(np.float64)
        found.append(Forecast("naive_last_year", y_year_before, y_year_before, again))
    return found
