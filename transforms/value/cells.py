"""Cells: the distinct purchase histories and how many customers share each.

Every model reads cells instead of customers, so a fit costs what the distinct histories cost, and the
order of the rows cannot matter: cells are sorted before any number is summed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """One row per distinct (x, t_x_days, T_days), sorted by it.

    x: repeat purchases (purchase days after the first one).
    t_x_days: days from the first to the last purchase; 0 exactly when x is 0.
    T_days: days from the first purchase to the end of observation.
    n: customers with this history, at least 1.
    """

    x: IntArray
    t_x_days: IntArray
    T_days: IntArray
    n: IntArray

    @property
    def customers(self) -> int:
        return int(self.n.sum())

    @property
    def repeat_customers(self) -> int:
        return int(self.n[self.x > 0].sum())

    def __len__(self) -> int:
        return len(self.x)


def cells(x: ArrayLike, t_x_days: ArrayLike, T_days: ArrayLike, n: ArrayLike | None = None) -> Cells:
    """Sort, add up equal histories and check them. Without n every row is one customer.

    Raises ValueError when a value is missing, fractional, negative or out of order (t_x_days > T_days).
    """
    history = (whole_numbers(x, "x"), whole_numbers(t_x_days, "t_x_days"), whole_numbers(T_days, "T_days"))
    weight = np.ones(len(history[0]), dtype=np.int64) if n is None else whole_numbers(n, "n")
    if len({len(column) for column in (*history, weight)}) > 1:
        raise ValueError("the columns of cells differ in length")
    check_histories(*history)
    if weight.min(initial=1) < 1:
        raise ValueError("n must be at least 1 in every cell")
    if len(weight) == 0:
        return Cells(*history, weight)
    width = int(history[2].max()) + 1
    fits = (int(history[0].max()) + 1) * width * width < 2**63
    if fits and n is None:
        return _counted(*history, width)
    packed = _packed(*history, width) if fits else None
    order = np.lexsort(history[::-1]) if packed is None else np.argsort(packed)
    counts, last, ends = (column[order] for column in history)
    differs = (ends[1:] != ends[:-1]) | (last[1:] != last[:-1]) | (counts[1:] != counts[:-1])
    first = np.flatnonzero(np.concatenate(([True], differs)))
    return Cells(counts[first], last[first], ends[first], np.add.reduceat(weight[order], first))


def cells_from_frame(frame: pd.DataFrame) -> Cells:
    """Cells from columns x, t_x_days, T_days and, if present, n."""
    missing = [name for name in ("x", "t_x_days", "T_days") if name not in frame.columns]
    if missing:
        found = ", ".join(map(str, frame.columns))
        raise ValueError(f"cells need the columns {', '.join(missing)}; found {found}")
    return cells(frame["x"], frame["t_x_days"], frame["T_days"], frame["n"] if "n" in frame.columns else None)


def whole_numbers(values: ArrayLike, name: str) -> IntArray:
    """The values as int64. Raises ValueError on missing, fractional or negative ones."""
    array = np.asarray(values)
    if array.dtype.kind in "iu":
        whole = array.astype(np.int64, copy=False)
    else:
        numbers = np.asarray(array, dtype=np.float64)
        if not np.isfinite(numbers).all():
            raise ValueError(f"{name} has missing or infinite values")
        whole = numbers.astype(np.int64)
        if (whole != numbers).any():
            raise ValueError(f"{name} must be whole numbers, found {numbers[whole != numbers][0]}")
    if whole.ndim != 1:
        raise ValueError(f"{name} must be one column, found {whole.ndim} dimensions")
    if whole.min(initial=0) < 0:
        raise ValueError(f"{name} must not be negative, found {whole[whole < 0][0]}")
    return whole


def real_numbers(values: ArrayLike, name: str) -> FloatArray:
    """The values as one float64 column. Raises ValueError on missing or infinite ones."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1:
        raise ValueError(f"{name} must be one column, found {numbers.ndim} dimensions")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} has missing or infinite values")
    return numbers


def totals(index: IntArray, weights: FloatArray, size: int) -> FloatArray:
    """The sum of the weights at each place."""
    return np.bincount(index, weights, size).astype(np.float64, copy=False)


def check_histories(x: IntArray, t_x_days: IntArray, T_days: IntArray) -> None:
    """Raises ValueError, naming the first offending history, unless 0 <= t_x <= T and (x = 0) = (t_x = 0)."""
    if not ((t_x_days > T_days).any() or ((x == 0) != (t_x_days == 0)).any()):
        return
    for wrong, why in (
        (t_x_days > T_days, "the last purchase lies after the end of observation (t_x_days > T_days)"),
        ((x == 0) & (t_x_days > 0), "no repeat purchase, yet t_x_days is above 0"),
        ((x > 0) & (t_x_days == 0), "repeat purchases on the first day: collapse purchases of one day first"),
    ):
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            raise ValueError(f"{why}: x={x[i]}, t_x_days={t_x_days[i]}, T_days={T_days[i]}")


def places(values: IntArray, most: int = 10_000_000) -> tuple[IntArray, IntArray]:
    """The sorted distinct values, none negative, and the place of each value among them, without sorting."""
    if values.max(initial=0) > most:
        found, place = np.unique(values, return_inverse=True)
        return found, place.astype(np.int64, copy=False)
    is_there = np.bincount(values) > 0
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[values]


def _packed(x: IntArray, t_x_days: IntArray, T_days: IntArray, width: int) -> IntArray:
    """A history as one number, in the order of histories: it sorts several times as fast."""
    return (x * width + t_x_days) * width + T_days


def _counted(x: IntArray, t_x_days: IntArray, T_days: IntArray, width: int) -> Cells:
    packed = _packed(x, t_x_days, T_days, width)
    packed.sort()
    first = np.flatnonzero(np.concatenate(([True], packed[1:] != packed[:-1])))
    rest, T = np.divmod(packed[first], width)
    counts, last = np.divmod(rest, width)
    return Cells(counts, last, T, np.diff(np.append(first, len(packed))))
