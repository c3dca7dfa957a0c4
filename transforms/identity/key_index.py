"""Blocking keys in order, so that those who share a block are looked up where they stand, not searched for.

The bulk of the keys is sorted once and stays; what came later stands beside it, and what no longer holds in
the bulk is passed over. A lookup costs what is looked up, whatever the number of keys.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from transforms.identity.pairing import order_of, runs_of

RULES_AT_MOST = 32
SCHEMA = pa.schema([("rule_no", pa.int8()), ("block", pa.int64()), ("record_no", pa.int32())])


class Keys:
    """Rows (rule_no, block, record_no) ordered by rule and block."""

    def __init__(self, ordered: pa.Table) -> None:
        self.table = ordered
        rule, self.block, self.record = (one_array(ordered.column(name)) for name in SCHEMA.names)
        self._start = np.searchsorted(rule, np.arange(RULES_AT_MOST + 1))

    @classmethod
    def of(cls, rule_no: np.ndarray, block: np.ndarray, record_no: np.ndarray) -> Keys:
        """Keys in any order."""
        order = [
            at[order_of(block[at])]
            for at in (np.flatnonzero(rule_no == n) for n in np.flatnonzero(np.bincount(rule_no)))
        ]
        places = np.concatenate([np.empty(0, dtype=np.int64), *order])
        kinds = zip((rule_no, block, record_no), SCHEMA.types, strict=True)
        return cls(pa.table([pa.array(column[places], kind) for column, kind in kinds], schema=SCHEMA))

    @classmethod
    def of_table(cls, table: pa.Table) -> Keys:
        """Keys in any order, as a table with columns of these names."""
        return cls.of(*(one_array(table.column(name)) for name in SCHEMA.names))

    @classmethod
    def none(cls) -> Keys:
        """No keys."""
        return cls(SCHEMA.empty_table())

    def of_rule(self, rule_no: int) -> slice:
        """Where the keys of a rule stand."""
        return slice(int(self._start[rule_no]), int(self._start[rule_no + 1]))

    @property
    def rules(self) -> list[int]:
        """The rules that have keys."""
        return [int(n) for n in np.flatnonzero(np.diff(self._start))]

    def find(self, rule_no: int, blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The keys in some blocks of a rule: which of the blocks each is in, and its place."""
        stand = self.of_rule(rule_no)
        first = np.searchsorted(self.block[stand], blocks) + stand.start
        last = np.searchsorted(self.block[stand], blocks, side="right") + stand.start
        return spread(first, last - first)

    def places(self, keys: Keys) -> np.ndarray:
        """Where those of some keys stand that are among these, in order."""
        found = [np.empty(0, dtype=np.int64)]
        for rule_no in keys.rules:
            asked = keys.of_rule(rule_no)
            which, place = self.find(rule_no, keys.block[asked])
            found.append(place[self.record[place] == keys.record[asked][which]])
        return np.sort(np.concatenate(found))

    def where(self, chosen: np.ndarray) -> Keys:
        """Some of them."""
        return Keys(self.table.filter(pa.array(chosen)))

    def plus(self, *others: Keys) -> Keys:
        """These and others."""
        return Keys.of_table(pa.concat_tables([self.table, *(other.table for other in others)]))


@dataclass(frozen=True)
class KeyIndex:
    """Keys of which some no longer hold: those of stale records in the bulk, and `dead` places of it."""

    bulk: Keys
    later: Keys
    dead: np.ndarray

    @classmethod
    def of(cls, bulk: Keys) -> KeyIndex:
        """Keys that all hold."""
        return cls(bulk, Keys.none(), np.empty(0, dtype=np.int64))

    def find(self, rule_no: int, blocks: np.ndarray, is_stale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The records in some blocks of a rule: which of the blocks each is in, and its number."""
        which, place = self.bulk.find(rule_no, blocks)
        holds = ~is_stale[self.bulk.record[place]] & ~is_among(place, self.dead)
        later, later_place = self.later.find(rule_no, blocks)
        return (
            np.concatenate([which[holds], later]),
            np.concatenate([self.bulk.record[place[holds]], self.later.record[later_place]]),
        )

    def without_records(self, is_changed: np.ndarray) -> KeyIndex:
        """The same without the later keys of changed records; those in the bulk are stale from now on."""
        return replace(self, later=self.later.where(~is_changed[self.later.record]))

    def without(self, keys: Keys) -> KeyIndex:
        """The same without these keys."""
        gone = np.zeros(len(self.later.block), dtype=bool)
        gone[self.later.places(keys)] = True
        dead = np.sort(np.concatenate([self.dead, self.bulk.places(keys)]))
        return replace(self, later=self.later.where(~gone), dead=dead)

    def plus(self, keys: Keys) -> KeyIndex:
        """The same and these keys."""
        return replace(self, later=self.later.plus(keys))

    def all(self, is_stale: np.ndarray) -> Keys:
        """The keys that hold."""
        holds = ~is_stale[self.bulk.record]
        holds[self.dead] = False
        return self.bulk.where(holds).plus(self.later)


def spread(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranges of places one after the other: which range each place is of, and the place."""
    which = np.repeat(np.arange(len(first)), count)
    start = np.cumsum(count) - count
    return which, np.arange(len(which)) + (first - start)[which]


def is_among(places: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Which places are among some, given in order."""
    if len(ordered) == 0:
        return np.zeros(len(places), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, places), len(ordered) - 1)
    found: np.ndarray = ordered[at] == places
    return found


def distinct_of(numbers: np.ndarray) -> np.ndarray:
    """Each of some numbers once, in order; np.unique is several times slower."""
    ordered = np.sort(numbers)
    return ordered[runs_of(ordered)[0]]


def one_piece(column: pa.ChunkedArray) -> pa.Array:
    """A column without its division into chunks; not copied where there is one."""
    return (
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays([pa.array([], column.type), *column.chunks])
    )


def one_array(column: pa.ChunkedArray) -> np.ndarray:
    """A column of numbers without gaps; not copied where it is in one piece."""
    return np.asarray(one_piece(column).to_numpy(zero_copy_only=False))
