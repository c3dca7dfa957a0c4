"""Pairwise and B-cubed scores of a clustering, and bootstrap intervals of the difference of two.

Everything is a sum over true people. A person of n records spread over clusters c of size s_c, with k_c of
the person's records each, adds

    pairwise   right pairs  sum k_c (k_c - 1) / 2
               said pairs   sum k_c (s_c - 1) / 2     (a wrong pair counts half for either person)
               true pairs   n (n - 1) / 2
    B-cubed    precision    sum k_c * k_c / s_c       (of each record: the share of its cluster that is right)
               recall       sum k_c * k_c / n         (of each record: the share of its person that is there)

so that a bootstrap over people only draws how often each person counts. People with the same numbers are
drawn together, which keeps a thousand resamples of a million records cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

RESAMPLES = 1000
METRICS = ("pairwise", "bcubed")
SHARES = np.linspace(0, 1, 21)  # of the scored pairs, as thresholds to try


@dataclass(frozen=True)
class Scores:
    """Precision, recall and F1, by pairs and by records (B-cubed)."""

    pairwise: tuple[float, float, float]
    bcubed: tuple[float, float, float]
    largest: int

    def f1(self, metric: str) -> float:
        return (self.pairwise if metric == "pairwise" else self.bcubed)[2]


@dataclass(frozen=True)
class Difference:
    """F1 of one clustering less that of another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        return "ahead" if self.low > 0 else "behind" if self.high < 0 else "level"


def contributions(person: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """One row per true person: right, said and true pairs, B-cubed precision and recall, records."""
    people, person_no = np.unique(person, return_inverse=True)
    clusters, cluster_no = np.unique(cluster, return_inverse=True)
    cell, together = np.unique(person_no.astype(np.int64) * len(clusters) + cluster_no, return_counts=True)
    of, inside = np.divmod(cell, len(clusters))
    k = together.astype(float)
    size = np.bincount(cluster_no, minlength=len(clusters))[inside]
    records = np.bincount(person_no, minlength=len(people)).astype(float)

    def per_person(values: np.ndarray) -> np.ndarray:
        return np.bincount(of, values, minlength=len(people))

    return np.stack(
        (
            per_person(k * (k - 1) / 2),
            per_person(k * (size - 1) / 2),
            records * (records - 1) / 2,
            per_person(k * k / size),
            per_person(k * k) / records,
            records,
        ),
        axis=1,
    )


def scores(person: np.ndarray, cluster: np.ndarray) -> Scores:
    """The scores of one clustering."""
    right, said, true, precise, recalled, records = contributions(person, cluster).sum(axis=0)
    by_pairs = (_share(right, said), _share(right, true), _share(2 * right, said + true))
    p, r = precise / records, recalled / records
    largest = int(np.unique(cluster, return_counts=True)[1].max())
    return Scores(by_pairs, (p, r, 2 * p * r / (p + r)), largest)


def resampled_differences(
    ours: np.ndarray, other: np.ndarray, seed: int, resamples: int = RESAMPLES
) -> dict[str, np.ndarray]:
    """F1 of ours less the other's on resampled people, by metric; the same people for both."""
    alike, counts = np.unique(np.concatenate((ours, other), axis=1), axis=0, return_counts=True)
    rng = np.random.default_rng(seed)
    total = int(counts.sum())
    drawn = rng.multinomial(total, counts / total, size=resamples).astype(float) @ alike
    width = ours.shape[1]
    first, second = _f1s(drawn[:, :width]), _f1s(drawn[:, width:])
    return {metric: first[metric] - second[metric] for metric in METRICS}


def difference(ours: list[np.ndarray], other: list[np.ndarray], metric: str, seed: int = 1) -> Difference:
    """Ours less the other's, the mean over data sets drawn with several seeds (lists in the same order)."""
    drawn = [
        resampled_differences(a, b, seed + i)[metric]
        for i, (a, b) in enumerate(zip(ours, other, strict=True))
    ]
    mean = np.mean(drawn, axis=0)
    exact = [
        (_f1s(a.sum(axis=0)[None])[metric] - _f1s(b.sum(axis=0)[None])[metric])[0]
        for a, b in zip(ours, other, strict=True)
    ]
    low, high = np.quantile(mean, (0.025, 0.975))
    return Difference(float(np.mean(exact)), float(low), float(high))


def closure(count: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The cluster of each of `count` records after joining a[i] with b[i]."""
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def best_threshold(
    person: np.ndarray, a: np.ndarray, b: np.ndarray, weight: np.ndarray
) -> tuple[float, np.ndarray]:
    """The threshold whose closure has the best pairwise F1, and that closure: it looks at the labels."""
    if len(weight) == 0:
        return float("inf"), np.arange(len(person))
    low, high = np.quantile(weight, (0.0, 0.98))
    best = (-1.0, 0.0, np.arange(len(person)))
    for threshold in np.unique(np.concatenate((np.linspace(low, high, 40), np.quantile(weight, SHARES)))):
        kept = weight >= threshold
        cluster = closure(len(person), a[kept], b[kept])
        reached = scores(person, cluster).pairwise[2]
        if reached > best[0]:
            best = (reached, float(threshold), cluster)
    return best[1], best[2]


def _f1s(sums: np.ndarray) -> dict[str, np.ndarray]:
    """F1 by metric of rows of summed contributions."""
    right, said, true, precise, recalled, records = sums.T
    pairs, both = said + true, precise + recalled
    by_pairs = np.where(pairs > 0, 2 * right / np.maximum(pairs, 1e-12), 1.0)
    return {"pairwise": by_pairs, "bcubed": 2 * precise * recalled / both / records}


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0
