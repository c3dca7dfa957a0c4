"""Features and scored pairs from night to night: a bulk that stays, and what came later.

Rows of the bulk no longer hold when a record of theirs is stale: its newest rows are among the later ones.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa

from transforms.identity.key_index import is_among, one_array
from transforms.identity.pairing import order_of


class Features:
    """What records state (`match_features`): the bulk but that of stale records, and later rows."""

    def __init__(self, bulk: pa.Table, later: pa.Table, is_stale: np.ndarray) -> None:
        self.bulk, self.later, self.is_stale = bulk, later, is_stale

    @cached_property
    def _row(self) -> np.ndarray:
        row = np.full(len(self.is_stale), -1, dtype=np.int32)
        row[_numbers(self.bulk)] = np.arange(len(self.bulk), dtype=np.int32)
        row[self.is_stale] = -1
        row[_numbers(self.later)] = np.arange(
            len(self.bulk), len(self.bulk) + len(self.later), dtype=np.int32
        )
        return row

    def of(self, records: np.ndarray, columns: list[str] | None = None) -> pa.Table:
        """The rows of some record numbers; those without features have none. By default all columns."""
        row = self._row[records[records < len(self.is_stale)]]
        row = row[row >= 0]
        in_bulk = row < len(self.bulk)
        places = (row[in_bulk], row[~in_bulk] - len(self.bulk))
        tables = (table.select(columns or table.column_names) for table in (self.bulk, self.later))
        taken = [table.take(pa.array(at)) for table, at in zip(tables, places, strict=True)]
        return pa.concat_tables(taken).combine_chunks()

    def after(self, is_changed: np.ndarray, new: pa.Table) -> Features:
        """The features once those of changed records are these."""
        stays = self.later.filter(pa.array(~is_changed[_numbers(self.later)]))
        later = pa.concat_tables([stays, new]).combine_chunks()
        return Features(self.bulk, later, self.is_stale | is_changed)

    def all(self) -> pa.Table:
        """The rows of all records, in the order of numbers."""
        return self.of(np.arange(len(self.is_stale)))


class ScoredPairs:
    """`scored_pairs`: the bulk but pairs of stale records and `dead` places, and later rows."""

    def __init__(self, bulk: pa.Table, later: pa.Table, dead: np.ndarray) -> None:
        self.bulk, self.later, self.dead = bulk, later, dead

    @classmethod
    def of(cls, scored: pa.Table) -> ScoredPairs:
        """Pairs that all hold, in any order."""
        return cls(_ordered(scored), scored.slice(0, 0).combine_chunks(), np.empty(0, dtype=np.int64))

    def holds(self, is_stale: np.ndarray) -> np.ndarray:
        """Which of the bulk hold."""
        a, b = (one_array(self.bulk.column(name)) for name in ("record_a", "record_b"))
        holds: np.ndarray = ~(is_stale[a] | is_stale[b])
        holds[self.dead] = False
        return holds

    def among(self, inside: np.ndarray, is_stale: np.ndarray) -> pa.Table:
        """The pairs of which both records are inside (by record number)."""
        a, b = (one_array(self.bulk.column(name)) for name in ("record_a", "record_b"))
        place = np.flatnonzero(inside[a] & inside[b])
        place = place[~(is_stale[a[place]] | is_stale[b[place]]) & ~is_among(place, self.dead)]
        a, b = (one_array(self.later.column(name)) for name in ("record_a", "record_b"))
        later = self.later.filter(pa.array(inside[a] & inside[b]))
        return pa.concat_tables([self.bulk.take(pa.array(place)), later])

    def find(
        self, records: tuple[np.ndarray, np.ndarray], is_stale: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where the pairs of some records stand in the bulk and in the later rows, -1 where they do not."""
        packed = records[0].astype(np.int64) << 32 | records[1]
        bulk, later = (_place(_packed(table), packed) for table in (self.bulk, self.later))
        holds = np.append(self.holds(is_stale), False)
        return np.where(holds[bulk], bulk, -1), later

    def at(self, bulk: np.ndarray, later: np.ndarray) -> pa.Table:
        """The pairs at some places."""
        return pa.concat_tables([self.bulk.take(pa.array(bulk)), self.later.take(pa.array(later))])

    def after(
        self, is_changed: np.ndarray, parted: tuple[np.ndarray, np.ndarray], new: pa.Table
    ) -> ScoredPairs:
        """The pairs without those of changed records and parted places, and with new ones."""
        a, b = (one_array(self.later.column(name)) for name in ("record_a", "record_b"))
        stays = ~(is_changed[a] | is_changed[b])
        bulk, later = parted
        stays[later] = False
        rows = pa.concat_tables([self.later.filter(pa.array(stays)), new])
        return ScoredPairs(self.bulk, _ordered(rows), np.sort(np.concatenate([self.dead, bulk])))

    def all(self, is_stale: np.ndarray) -> pa.Table:
        """The pairs that hold."""
        return pa.concat_tables([self.bulk.filter(pa.array(self.holds(is_stale))), self.later])


def _numbers(features: pa.Table) -> np.ndarray:
    return one_array(features.column("record_no"))


def _packed(pairs: pa.Table) -> np.ndarray:
    a, b = (one_array(pairs.column(name)) for name in ("record_a", "record_b"))
    return a.astype(np.int64) << 32 | b


def _ordered(pairs: pa.Table) -> pa.Table:
    return pairs.take(pa.array(order_of(_packed(pairs)))).combine_chunks()


def _place(ordered: np.ndarray, packed: np.ndarray) -> np.ndarray:
    at = np.searchsorted(ordered, packed)
    at[at == len(ordered)] = -1
    return np.where(is_among(packed, ordered), at, -1)
