"""Stewards' decisions on pairs of records, as pairs of places: they go before any evidence."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from transforms.identity.linkage import UNIT, Pairs
from transforms.identity.pairing import not_among

Decision = tuple[int, int, bool]
"""What a steward decided of two records: (record, record, is_same)."""


class Places:
    """The places of record numbers in a list of them."""

    def __init__(self, members: np.ndarray) -> None:
        self._place = np.zeros(int(members.max(initial=-1)) + 1, dtype=np.int64)
        self._place[members] = np.arange(len(members))

    def of_pair(self, a: int, b: int) -> tuple[int, int]:
        """The places of two record numbers."""
        return int(self._place[a]), int(self._place[b])

    def of_pairs(self, pairs: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        """The places of record_a and record_b, the smaller one first."""
        a, b = (self._place[pairs.column(name).to_numpy()] for name in ("record_a", "record_b"))
        return np.minimum(a, b), np.maximum(a, b)


def sorted_out(decisions: Iterable[tuple[int, int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs decided to be the same and pairs decided to be different.

    A `same` that would tie two records decided to be different, directly or through others, does not count.
    """
    ordered = sorted((min(a, b), max(a, b), same) for a, b, same in decisions if a != b)
    different = [(a, b) for a, b, same in ordered if not same]
    group: dict[int, set[int]] = {}
    kept = []
    for a, b, is_same in ordered:
        if not is_same:
            continue
        together = group.get(a, {a}) | group.get(b, {b})
        if any(x in together and y in together for x, y in different):
            continue
        kept.append((a, b))
        for record in together:
            group[record] = together
    return tuple(np.array(x, dtype=np.int64).reshape(-1, 2) for x in (kept, different))  # type: ignore[return-value]


def among(pairs: Pairs, decided: np.ndarray, count: int) -> np.ndarray:
    """Which pairs of `count` records were decided upon: their evidence no longer speaks."""
    return ~not_among(pairs.a * count + pairs.b, decided[:, 0] * count + decided[:, 1])


def as_pairs(pairs: np.ndarray, bits: int) -> Pairs:
    """Decided pairs as pairs: `same` (positive bits) or vetoed."""
    full = np.full(len(pairs), bits * UNIT, dtype=np.int64)
    return Pairs(pairs[:, 0], pairs[:, 1], full, full, np.full(len(pairs), bits < 0))
