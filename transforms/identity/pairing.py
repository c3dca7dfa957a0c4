"""Pairs of records that share a small enough block.

Sorting whole columns of numbers is far cheaper than grouping and joining them row by row, and takes one rule
at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

RULE_BITS = 5
RECORD_BITS = 29
_RECORDS, _RULES = (1 << RECORD_BITS) - 1, (1 << RULE_BITS) - 1


@dataclass(frozen=True)
class Proposed:
    """What one rule proposes: pairs packed with their rule, and the blocks above its cap with their sizes."""

    pairs: np.ndarray
    large: np.ndarray
    sizes: np.ndarray


def propose(record_no: np.ndarray, block: np.ndarray, rule_no: int, cap: int) -> Proposed:
    """Pairs of records that share a block of at most `cap` rows; a record may stand in a block twice."""
    order = np.argsort(block)
    block, record = block[order], record_no[order].astype(np.int64)
    start, size = _runs(block)
    found = [np.empty(0, dtype=np.int64)]
    for rows in np.unique(size[(size > 1) & (size <= cap)]):
        members = record[start[size == rows][:, None] + np.arange(rows)]
        one, other = np.triu_indices(rows, 1)
        low = np.minimum(members[:, one], members[:, other]).ravel()
        high = np.maximum(members[:, one], members[:, other]).ravel()
        found.append(((low << RECORD_BITS | high) << RULE_BITS)[low < high])
    large = size > cap
    return Proposed(np.concatenate(found) | rule_no, block[start[large]], size[large])


def block_histogram(block: np.ndarray, step: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Sizes of blocks of two rows or more, and how many blocks have each.

    Of the blocks that hold one of every `step` records, each counts as many as it stands for (Horvitz and
    Thompson, 1952).
    """
    size, count = np.unique(_runs(np.sort(block))[1], return_counts=True)
    size, count = size[size > 1], count[size > 1]
    return size, count / (1 - (1 - 1 / step) ** size)


def unpacked(pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two records of packed pairs."""
    pair = pairs >> RULE_BITS
    return pair >> RECORD_BITS, pair & _RECORDS


def with_sampled(pairs: np.ndarray, step: int) -> np.ndarray:
    """The packed pairs of which one side at least is every `step`th record number."""
    a, b = unpacked(pairs)
    return pairs[(a % step == 0) | (b % step == 0)]


def candidate_pairs(packed: list[np.ndarray]) -> pa.Table:
    """The distinct pairs (record_a, record_b), ordered, with `rules`: one bit per rule that proposes them."""
    found = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *packed]))
    start, _ = _runs(found >> RULE_BITS)
    rules = np.bitwise_or.reduceat(np.int64(1) << (found & _RULES), start) if len(start) else found
    records = dict(zip(("record_a", "record_b"), unpacked(found[start]), strict=True))
    return pa.table({name: c.astype(np.int32) for name, c in records.items()} | {"rules": rules})


def _runs(ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where runs of equal numbers start and how long they are."""
    start = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return start, np.diff(start, append=len(ordered))
