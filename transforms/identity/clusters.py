"""From edges to clusters: connected components, then a re-cut where facts or decisions conflict.

Cluster numbers are the position of the cluster's first record in sorted order, so they do not depend on
the order of rows. Edges join strongest first, so a conflict always cuts the weakest evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SAME_PERSON_NIK_EDITS = 1


def components(record_keys: pa.Array, record_a: pa.Array, record_b: pa.Array) -> pa.Table:
    """Connected components: one row per record with `cluster_no`.

    `record_keys` is sorted and unique. Edges that name an unknown record are ignored.
    """
    count = len(record_keys)
    if count == 0:
        return pa.table({"record_key": pa.array([], pa.string()), "cluster_no": pa.array([], pa.int64())})
    a = pc.index_in(record_a, value_set=record_keys)
    b = pc.index_in(record_b, value_set=record_keys)
    known = pc.and_(pc.is_valid(a), pc.is_valid(b))
    rows, columns = (_indices(pc.filter(x, known)) for x in (a, b))
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    first = np.full(int(labels.max()) + 1, count, dtype=np.int64)
    np.minimum.at(first, labels, np.arange(count, dtype=np.int64))
    return pa.table({"record_key": record_keys, "cluster_no": pa.array(first[labels])})


def recut(facts: pa.Table, edges: pa.Table, different: Iterable[tuple[str, str]]) -> pa.Table:
    """Suspicious clusters taken apart: (record_key, representative) for each of their records.

    `facts` (record_key, nik, birth_date) lists every record of the suspicious clusters, several rows where
    channels disagree; `edges` (record_a, record_b, weight) are the edges among them.
    """
    groups = _Groups(facts.to_pylist(), set(map(frozenset, different)))
    ordered = sorted(edges.to_pylist(), key=lambda e: (-float(e["weight"]), e["record_a"], e["record_b"]))
    for edge in ordered:
        groups.join(edge["record_a"], edge["record_b"])
    keys = sorted(groups.parent)
    return pa.table(
        {
            "record_key": pa.array(keys, pa.string()),
            "representative": pa.array([groups.find(key) for key in keys], pa.string()),
        }
    )


def same_nik(a: str, b: str) -> bool:
    """Whether two identity numbers can be one, one of them mistyped in a single digit."""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) <= SAME_PERSON_NIK_EDITS


def same_birth_date(a: date, b: date) -> bool:
    """Whether two birth dates can be one, day and month swapped."""
    return a == b or (a.year == b.year and a.day == b.month and a.month == b.day)


@dataclass
class _Groups:
    """Union-find that refuses a union of conflicting people."""

    facts: list[dict[str, object]]
    different: set[frozenset[str]]
    parent: dict[str, str] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    niks: dict[str, set[str]] = field(default_factory=dict)
    births: dict[str, set[date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts:
            key = str(fact["record_key"])
            self.parent.setdefault(key, key)
            self.members.setdefault(key, {key})
            self.niks.setdefault(key, set())
            self.births.setdefault(key, set())
            if fact["nik"] is not None:
                self.niks[key].add(str(fact["nik"]))
            if isinstance(fact["birth_date"], date):
                self.births[key].add(fact["birth_date"])

    def find(self, key: str) -> str:
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def join(self, a: str, b: str) -> None:
        a, b = self.find(a), self.find(b)
        if a == b or self._conflicting(a, b):
            return
        keep, drop = min(a, b), max(a, b)
        self.parent[drop] = keep
        self.members[keep] |= self.members.pop(drop)
        self.niks[keep] |= self.niks.pop(drop)
        self.births[keep] |= self.births.pop(drop)

    def _conflicting(self, a: str, b: str) -> bool:
        if any(frozenset((x, y)) in self.different for x in self.members[a] for y in self.members[b]):
            return True
        if self.niks[a] & self.niks[b]:
            return False
        if any(not same_nik(x, y) for x in self.niks[a] for y in self.niks[b]):
            return True
        return any(not same_birth_date(x, y) for x in self.births[a] for y in self.births[b])


def _indices(array: pa.Array | pa.ChunkedArray) -> np.ndarray:
    return np.asarray(array, dtype=np.int64)
