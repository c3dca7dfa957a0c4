"""What records that come and go change in the blocks they are in: who is to be compared, who no longer is.

Two records are compared when a block of at most its rule's cap holds both. So only blocks that a record
enters or leaves can bring pairs or take them away: pairs with an entering record that changed, all pairs of a
block that shrank to the cap, all pairs of one that grew above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from transforms.identity.key_index import KeyIndex, Keys, distinct_of
from transforms.identity.pairing import distinct, not_among, propose, unpacked

_ANY_SIZE = 1 << 30


class LargeBlocks:
    """The blocks above their caps: keys with the number of their records in place of a record."""

    def __init__(self, counts: Keys) -> None:
        self._counts = counts

    @property
    def table(self) -> pa.Table:
        """rule_no, block and, in `record_no`, how many records there are."""
        return self._counts.table

    def sizes(self, rule_no: int, blocks: np.ndarray) -> np.ndarray:
        """How many records each of some blocks of a rule holds, 0 for a block that is not large."""
        sizes = np.zeros(len(blocks), dtype=np.int64)
        which, place = self._counts.find(rule_no, blocks)
        sizes[which] = self._counts.record[place]
        return sizes

    def hold(self, keys: Keys) -> np.ndarray:
        """Which of some keys are in a large block."""
        found = [self.sizes(n, keys.block[keys.of_rule(n)]) > 0 for n in keys.rules]
        return np.concatenate([np.empty(0, dtype=bool), *found])

    def after(self, moves: list[Moves]) -> LargeBlocks:
        """The large blocks once these moves are made."""
        kept = np.ones(len(self._counts.block), dtype=bool)
        for move in moves:
            kept[self._counts.find(move.rule_no, move.blocks)[1]] = False
        return LargeBlocks(self._counts.where(kept).plus(*(move.grown for move in moves)))


@dataclass(frozen=True)
class Moves:
    """What happened to the blocks of one rule that records entered or left.

    pairs: packed pairs to compare, if they are not already. parting: packed pairs that this rule no longer
    proposes. grown: the blocks now above the cap, with their sizes. closed, opened: the keys of those who
    stay in blocks that grew above the cap, or shrank to it.
    """

    rule_no: int
    blocks: np.ndarray
    pairs: np.ndarray
    parting: np.ndarray
    grown: Keys
    closed: Keys
    opened: Keys


@dataclass(frozen=True)
class Turnover:
    """Keys that leave and enter the blocks, beside those that stay (`index`) and the blocks large so far."""

    index: KeyIndex
    large: LargeBlocks
    leaving: Keys
    entering: Keys


def moved(
    turnover: Turnover, is_stale: np.ndarray, is_changed: np.ndarray, caps: dict[int, int]
) -> list[Moves]:
    """The moves of every rule; caps are by number of the rule."""
    return [_moved_by(rule_no, cap, turnover, is_stale, is_changed) for rule_no, cap in caps.items()]


def _moved_by(
    rule_no: int, cap: int, turnover: Turnover, is_stale: np.ndarray, is_changed: np.ndarray
) -> Moves:
    leaving, entering = turnover.leaving, turnover.entering
    gone, come = leaving.block[leaving.of_rule(rule_no)], entering.block[entering.of_rule(rule_no)]
    blocks = distinct_of(np.concatenate([gone, come]))
    count_gone, count_come = _count(blocks, gone), _count(blocks, come)
    known = turnover.large.sizes(rule_no, blocks)
    # Nobody is compared in a block above the cap before and after: who is in it does not matter.
    looked = np.flatnonzero((known == 0) | (known - count_gone + count_come <= cap))
    which, stays = turnover.index.find(rule_no, blocks[looked], is_stale)
    which = looked[which]
    count_stay = np.bincount(which, minlength=len(blocks))
    before = np.where(known > 0, known, count_stay + count_gone)
    after = before - count_gone + count_come
    was_large, is_large = before > cap, after > cap

    comes = entering.record[entering.of_rule(rule_no)]
    place = np.concatenate([which, np.searchsorted(blocks, come)])
    record = np.concatenate([stays, comes])
    opened = was_large & ~is_large
    # A pair of unchanged records that enter a block came with a larger one: it is known.
    new = _pairs(record, place, ~was_large & ~is_large, rule_no)
    a, b = unpacked(new)
    pairs = [new[is_changed[a] | is_changed[b]], _pairs(record, place, opened, rule_no)]
    closed = ~was_large & is_large

    def keys(block: np.ndarray, value: np.ndarray) -> Keys:
        return Keys.of(np.full(len(block), rule_no), block, value)

    return Moves(
        rule_no,
        blocks,
        np.concatenate(pairs),
        _pairs(stays, which, closed, rule_no),
        keys(blocks[is_large], after[is_large]),
        *(keys(blocks[which[c]], stays[c]) for c in (closed[which], opened[which])),
    )


def parted(parting: list[np.ndarray], proposed: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The distinct pairs of some packed ones that no rule proposes any more."""
    pairs, others = distinct(parting), distinct(proposed)
    return unpacked(pairs[not_among(pairs, others)])


def proposed_by(keys: Keys) -> list[np.ndarray]:
    """The packed pairs of whoever shares a block, whatever its size."""
    stand = {n: keys.of_rule(n) for n in keys.rules}
    return [propose(keys.record[at], keys.block[at], n, _ANY_SIZE).pairs for n, at in stand.items()]


def _count(blocks: np.ndarray, keys: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(blocks, keys), minlength=len(blocks))


def _pairs(record: np.ndarray, place: np.ndarray, chosen: np.ndarray, rule_no: int) -> np.ndarray:
    at = chosen[place]
    return propose(record[at], place[at], rule_no, _ANY_SIZE).pairs
