"""From ties between customers to households: small groups around a member who is tied to everybody else.

Ties join strongest first. A union of two groups stands only when it holds at most twelve people and one of
them is tied to every other, so a chain of neighbours and phone numbers never grows into a household.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.identity.linkage import components

LARGEST_HOUSEHOLD = 12


def households(cluster_a: pa.ChunkedArray, cluster_b: pa.ChunkedArray, strength: pa.ChunkedArray) -> pa.Table:
    """One row per customer cluster in a household: (cluster_no, household_no), the latter its first cluster.

    Each tie is given once per evidence, in any order; `cluster_no` may be a text or a number.
    """
    clusters = pc.unique(pa.chunked_array([*cluster_a.chunks, *cluster_b.chunks], cluster_a.type))
    clusters = clusters.take(pc.sort_indices(clusters))
    a, b = (
        pc.index_in(side, value_set=clusters).to_numpy().astype(np.int64) for side in (cluster_a, cluster_b)
    )
    order = np.lexsort((b, a, -strength.to_numpy()))
    first = _together(a[order], b[order], len(clusters))
    in_household = np.bincount(first, minlength=len(clusters))[first] > 1
    members = np.flatnonzero(in_household)
    return pa.table(
        {
            "cluster_no": clusters.take(pa.array(members)),
            "household_no": clusters.take(pa.array(first[members])),
        }
    )


def _together(a: np.ndarray, b: np.ndarray, count: int) -> np.ndarray:
    """The first member of each one's household. Ties (a, b) stand strongest first and may repeat."""
    component = components(count, a, b)
    is_pair = np.bincount(component, minlength=1)[component] == 2
    first = np.where(is_pair, component, np.arange(count, dtype=np.int64))
    larger = ~is_pair[a]
    for member, group in _grown(a[larger].tolist(), b[larger].tolist()).items():
        first[member] = min(group)
    return first


def _grown(a: Iterable[int], b: Iterable[int]) -> dict[int, set[int]]:
    """The household of each member of a larger group, by member."""
    ties = list(dict.fromkeys(zip(a, b, strict=True)))
    tied: dict[int, set[int]] = defaultdict(set)
    for one, other in ties:
        tied[one].add(other)
        tied[other].add(one)
    home = {member: {member} for member in tied}
    while True:
        refused = []
        for one, other in ties:
            if home[one] is home[other]:
                continue
            union = home[one] | home[other]
            if len(union) <= LARGEST_HOUSEHOLD and any(len(tied[m] & union) == len(union) - 1 for m in union):
                home.update(dict.fromkeys(union, union))
            else:
                refused.append((one, other))
        if len(refused) == len(ties):
            return home
        ties = refused
