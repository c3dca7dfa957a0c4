"""When people buy: Lebaran, payday, weekends and year-end, as a warp of time.

Purchases happen at a steady pace in "busy time"; a busy day holds more busy time than a quiet one.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sample_retailer.settings import FIRST_DAY, IDULFITRI, WINDOW_DAYS


def intensity() -> np.ndarray:
    """How busy each day is; about 1 on average."""
    days = [FIRST_DAY + timedelta(days=n) for n in range(WINDOW_DAYS)]
    out = np.array([1.2 if d.weekday() >= 5 else 0.95 for d in days])
    month_day = np.array([d.day for d in days])
    out *= np.where((month_day >= 25) | (month_day <= 3), 1.25, 0.95)
    for feast in IDULFITRI:
        before = np.array([(feast - d).days for d in days])
        out *= np.select(
            [(before >= 8) & (before <= 24), (before >= 1) & (before < 8), (before >= -4) & (before < 1)],
            [2.1, 1.35, 0.4],
            1.0,
        )
    out *= np.array([1.15 if d.month == 12 or (d.month, d.day) == (11, 11) else 1.0 for d in days])
    return out / out.mean()


class BusyClock:
    """Between calendar days and busy time."""

    def __init__(self, strength: float = 1.0) -> None:
        busy = 1.0 + strength * (intensity() - 1.0)
        self._calendar = np.arange(WINDOW_DAYS + 1, dtype=float)
        self._busy = np.concatenate(([0.0], np.cumsum(busy)))

    def to_busy(self, day: np.ndarray) -> np.ndarray:
        return np.interp(day, self._calendar, self._busy)

    def to_calendar(self, busy: np.ndarray) -> np.ndarray:
        """Days; whatever lies beyond the window maps onto its end."""
        return np.interp(busy, self._busy, self._calendar)
