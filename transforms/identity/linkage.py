"""From scored pairs to clusters of records that are one person.

Connected components first; a component that is not complete is then built up again from single records, best
mean evidence first, and two groups are joined only while one pair ties them and their pairs on average do not
speak against it. So one wrong link cannot chain strangers together. Weights are whole numbers (1/10,000 bit):
sums do not depend on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

UNIT = 10_000
LARGEST_COMPONENT = 300
_HIGH_BITS = 31


@dataclass(frozen=True)
class Pairs:
    """Pairs of record numbers a < b: weight and evidence (1/10,000 bits), whether a veto parts them."""

    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray
    evidence: np.ndarray
    is_vetoed: np.ndarray

    def where(self, chosen: np.ndarray) -> Pairs:
        """The chosen pairs."""
        return Pairs(*(getattr(self, name)[chosen] for name in vars(self)))

    def plus(self, other: Pairs) -> Pairs:
        """Both together."""
        return Pairs(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in vars(self)))


def components(count: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """For each of `count` records, the smallest record number it is connected with."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    number, labels = connected_components(graph, directed=False)
    first = np.full(number, count, dtype=np.int64)
    np.minimum.at(first, labels, np.arange(count, dtype=np.int64))
    found: np.ndarray = first[labels]
    return found


def bounded_components(count: int, pairs: Pairs, threshold: int) -> np.ndarray:
    """Connected components over pairs of at least `threshold`; too large ones are cut at a higher one.

    Each is cut at a threshold of its own: what becomes of a component depends on nothing outside of it.
    """
    linked = pairs.where((pairs.weight >= threshold) & ~pairs.is_vetoed)
    while True:
        labels = components(count, linked.a, linked.b)
        size = np.bincount(labels, minlength=count)
        too_large = size[labels[linked.a]] > LARGEST_COMPONENT
        if not too_large.any():
            return labels
        lowest = np.full(count, np.iinfo(np.int64).max - UNIT)
        np.minimum.at(lowest, labels[linked.a], linked.weight)
        linked = linked.where(~too_large | (linked.weight > lowest[labels[linked.a]] + UNIT))


def incomplete(labels: np.ndarray, pairs: Pairs, threshold: int) -> np.ndarray:
    """The labels of components in which not every pair of records is linked."""
    size = np.bincount(labels, minlength=len(labels)).astype(np.int64)
    inside = (pairs.weight >= threshold) & ~pairs.is_vetoed & (labels[pairs.a] == labels[pairs.b])
    linked = np.bincount(labels[pairs.a[inside]], minlength=len(labels))
    found: np.ndarray = np.nonzero((size > 2) & (linked < size * (size - 1) // 2))[0]
    return found


def agglomerate(group: np.ndarray, pairs: Pairs, threshold: int) -> np.ndarray:
    """Join groups that are each other's best partner, until no two may be joined; the new group numbers.

    `group` gives the starting group of each record (its smallest record number). Two groups may be joined
    when the best pair between them reaches `threshold`, the sum of evidence of all pairs is not negative and
    no veto stands between them. Best = highest mean evidence, then highest weight, then smallest numbers.
    """
    group = group.copy()
    a, b, count, evidence, weight, vetoed = _between(
        group[pairs.a], group[pairs.b], np.ones(len(pairs.a), dtype=np.int64),
        pairs.evidence, pairs.weight, pairs.is_vetoed,
    )  # fmt: skip
    while True:
        may = (weight >= threshold) & (evidence >= 0) & ~vetoed
        if not may.any():
            return group
        target = _mutual_best(len(group), a[may], b[may], evidence[may] / count[may], weight[may])
        group = target[group]
        a, b, count, evidence, weight, vetoed = _between(
            target[a], target[b], count, evidence, weight, vetoed
        )


def _mutual_best(
    groups: int, a: np.ndarray, b: np.ndarray, mean: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """For each group, the group it becomes: of two that are each other's best partner, the smaller number."""
    # a and b stand in order, so a stable sort leaves ties to the smaller numbers
    order = np.lexsort((-weight, -mean))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    first = np.full(groups, len(order), dtype=np.int64)
    np.minimum.at(first, a, rank)
    np.minimum.at(first, b, rank)
    some = np.flatnonzero(first < len(order))
    chosen = order[first[some]]
    best = np.full(groups, -1, dtype=np.int64)
    best[some] = a[chosen] + b[chosen] - some
    has = np.nonzero(best >= 0)[0]
    keep = has[(best[best[has]] == has) & (has < best[has])]
    target = np.arange(groups, dtype=np.int64)
    target[best[keep]] = keep
    return target


def _between(
    a: np.ndarray,
    b: np.ndarray,
    count: np.ndarray,
    evidence: np.ndarray,
    weight: np.ndarray,
    vetoed: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Pairs of records summed to pairs of groups; what lies within a group is left out."""
    low, high = np.minimum(a, b), np.maximum(a, b)
    between = low != high
    order = np.argsort((low[between] << _HIGH_BITS) | high[between], kind="stable")
    columns = (low, high, count, evidence, weight, vetoed)
    low, high, count, evidence, weight, vetoed = (column[between][order] for column in columns)
    if len(low) == 0:
        return low, high, count, evidence, weight, vetoed
    starts = np.nonzero(np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])])[0]
    return (
        low[starts], high[starts], np.add.reduceat(count, starts), np.add.reduceat(evidence, starts),
        np.maximum.reduceat(weight, starts), np.logical_or.reduceat(vetoed, starts),
    )  # fmt: skip
