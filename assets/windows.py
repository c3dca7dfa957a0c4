"""Windows of a fit day: what was known at a cut-off in the past and what came after it, in the time in use.

Belongs here: reading cells and purchases by day from a day's tables, which time models are fitted in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, reduce

import pandas as pd
import pyarrow as pa

from assets.day import Day
from assets.seasons import seasons_of
from transforms.value.backtest import Window
from transforms.value.fallback import pooled_rate, purchase_model
from transforms.value.month_index import month_index
from transforms.value.naive import DAYS_IN_A_YEAR
from transforms.value.purchase_model import FALLBACK_KIND, PurchaseKind, PurchaseModel
from transforms.value.season_pace import season_pace
from transforms.value.seasonal_time import EVEN, Pattern, Season, seasonal_time

MOST_CUSTOMERS = 200_000
"""More are not looked at one by one: of 200,000 the error of a share is a thousandth."""

Learn = Callable[[Pattern, date, Window], Pattern]
"""From a pattern, a cut-off and its window in calendar days the same pattern with more of the year in it."""


@dataclass
class Windows:
    """Read on demand and kept; in calendar days until something of the year is `learned`."""

    day: Day
    fit_day: date
    first: date
    customers: int
    learned: list[Learn] = field(default_factory=list)
    _plain: dict[tuple[date, int], Window | None] = field(default_factory=dict)
    _paces: dict[date, float] = field(default_factory=dict)
    _months: dict[date, tuple[float, ...]] = field(default_factory=dict)

    def at(self, cutoff: date, horizon: int) -> Window | None:
        """What was known at a cut-off and came after it; None with too little history, a year at most."""
        plain = self.plain(cutoff, horizon)
        return None if plain is None else self.counted(cutoff, plain, self.pattern(cutoff, plain))

    def pattern(self, cutoff: date, plain: Window) -> Pattern:
        """What of the year is in use, as it was known at the cut-off of a window."""
        return reduce(lambda pattern, learn: learn(pattern, cutoff, plain), self.learned, EVEN)

    def patterns(self) -> dict[date, Pattern]:
        """The pattern in use at every cut-off that was looked at, the fit day among them."""
        found = {cutoff: self.pattern(cutoff, plain) for (cutoff, _), plain in self._plain.items() if plain}
        return dict(sorted(found.items()))

    def counted(self, cutoff: date, plain: Window, pattern: Pattern) -> Window:
        """A window in the time of a pattern."""
        return plain.counted_in(seasonal_time(cutoff, self.seasons, *pattern))

    def with_pace(self, pattern: Pattern, cutoff: date, plain: Window) -> Pattern:
        """The pattern with the pace of the company's seasons."""
        if cutoff not in self._paces:
            self._paces[cutoff] = season_pace(plain.training, self._repeats_by_day, self.seasons, cutoff)
        return pattern._replace(pace=self._paces[cutoff])

    def with_months(self, pattern: Pattern, cutoff: date, plain: Window) -> Pattern:
        """The pattern with the index of its months beside its seasons."""
        if cutoff not in self._months:
            known = (plain.training, self._repeats_by_day, self.seasons)
            self._months[cutoff] = month_index(*known, pattern.pace, cutoff)
        return pattern._replace(months=self._months[cutoff])

    def plain(self, cutoff: date, horizon: int) -> Window | None:
        """The window in calendar days."""
        observed = (cutoff - self.first).days + 1
        if observed < min(horizon, DAYS_IN_A_YEAR):
            return None
        if (cutoff, horizon) not in self._plain:
            self._cut(cutoff, horizon)
            self.day.forget("holdout_cells")
            rows = self.day.fetch("holdout_cells")
            found = Window.of(rows.to_pandas(), horizon, observed) if rows.num_rows else None
            self._plain[cutoff, horizon] = found
        return self._plain[cutoff, horizon]

    def repeats(self, cutoff: date, horizon: int) -> pd.DataFrame:
        """days_after_cut and repeats: the repeat purchases by day of who is looked at in a window."""
        self._cut(cutoff, horizon)
        self.day.forget("repeat_days")
        return self.day.fetch("repeat_days", "days_after_cut, repeats").to_pandas()

    @cached_property
    def seasons(self) -> list[Season]:
        """The company's seasons; none without one."""
        return seasons_of(self.day)

    @cached_property
    def _repeats_by_day(self) -> pd.DataFrame:
        """Repeat purchases up to the fit day."""
        found = self.repeats(self.fit_day, 0)
        days = [self.fit_day + timedelta(days=int(after)) for after in found["days_after_cut"]]
        return pd.DataFrame({"ordered_on": days, "repeats": found["repeats"].to_numpy()})

    def _cut(self, cutoff: date, horizon: int) -> None:
        """Say up to which day histories go, and how long what came after it is looked at."""
        step = -(-self.customers // MOST_CUSTOMERS)
        self.day.put(
            "holdout",
            pa.table(
                {
                    "cutoff": pa.array([cutoff], pa.date32()),
                    "horizon_days": pa.array([horizon], pa.int32()),
                    "sample_step": pa.array([max(step, 1)], pa.int64()),
                }
            ),
        )


def fitted(window: Window, kind: PurchaseKind) -> PurchaseModel:
    """A kind fitted on what was known at the cut-off, in the time of the window."""
    return pooled_rate(window.training) if kind == FALLBACK_KIND else purchase_model(window.training, kind)[0]
