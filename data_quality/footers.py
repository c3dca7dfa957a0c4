"""What the footers of Parquet files say of a column: how many values are NULL, the smallest, the largest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq

from data_quality.parquet import Files, file_list
from warehouse.encrypted_files import opened

_NUMBERS = (int, float, Decimal)


@dataclass(frozen=True)
class Bounds:
    """Of all rows of a column: its NULLs, and the bounds of the rest (None without any)."""

    nulls: int
    low: Any = None
    high: Any = None

    def lie_within(self, minimum: str | None, maximum: str | None) -> bool:
        """Whether every value is a number or a day between these bounds; what cannot be compared is not."""
        if self.low is None:
            return True
        return (minimum is None or _is_at_most(minimum, self.low)) and (
            maximum is None or _is_at_most(self.high, maximum)
        )


class Footers:
    """The footers of some files, read once."""

    def __init__(self, files: Files) -> None:
        self._read = [pq.read_metadata(opened(path)) for path in file_list(files)]
        self.rows = sum(footer.num_rows for footer in self._read)

    def bounds(self, column: str) -> Bounds | None:
        """What is known of the column; None where any part of it has no statistics."""
        found = []
        for footer in self._read:
            names = [footer.schema.column(number).path for number in range(footer.num_columns)]
            if column not in names:
                return None
            groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
            for group in (group for group in groups if group.num_rows):
                said = group.column(names.index(column)).statistics
                if said is None or not said.has_null_count or not _says_its_bounds(said):
                    return None
                found.append(Bounds(said.null_count, said.min, said.max))
        return _all_together(found)


def _says_its_bounds(said: Any) -> bool:
    """Whether there are bounds, or nothing to bound; some writers let NaN stand for them."""
    if not said.has_min_max:
        return said.num_values == 0
    return all(not isinstance(end, float) or math.isfinite(end) for end in (said.min, said.max))


def _all_together(parts: Sequence[Bounds]) -> Bounds:
    filled = [part for part in parts if part.low is not None]
    nulls = sum(part.nulls for part in parts)
    if not filled:
        return Bounds(nulls)
    return Bounds(nulls, min(part.low for part in filled), max(part.high for part in filled))


def _is_at_most(one: Any, other: Any) -> bool:
    """Whether one number or day is at most the other, where one of them is written as in a contract."""
    left, right = _as_value(one, other), _as_value(other, one)
    return left is not None and right is not None and bool(left <= right)


def _as_value(value: Any, beside: Any) -> Any:
    """A value of a column as it is, a bound of a contract in the type of the value it is compared with."""
    if not isinstance(value, str):
        return value if type(value) is date or isinstance(value, _NUMBERS) else None
    if type(beside) is date:
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(beside, _NUMBERS) else None
