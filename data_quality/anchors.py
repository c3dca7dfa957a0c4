"""Many texts looked for in bytes in one pass, whatever their number.

Of every text one window of eight, four, two or one bytes is looked up at each position; the whole text is
compared only where its window stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

BYTES_TOGETHER = 1 << 20
"""So much is looked at in one step: what a step makes stays in the processor's cache."""
_TYPES: dict[int, type[np.unsignedinteger]] = {8: np.uint64, 4: np.uint32, 2: np.uint16, 1: np.uint8}
_FACTORS = {8: 0x9E3779B97F4A7C15, 4: 0x9E3779B1, 2: 1, 1: 1}
_SLOT_BITS = {8: 22, 4: 22, 2: 16, 1: 8}
_DIGITS = frozenset(b"0123456789")

Positions = NDArray[np.int64]
Numbers = NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class Anchor:
    """Bytes of what is looked for, in a part whose neighbours on either side are none of these bytes."""

    text: bytes
    owner: int
    not_before: frozenset[int] = frozenset()
    not_after: frozenset[int] = frozenset()


class Anchors:
    """Anchors made ready for being looked for."""

    def __init__(self, anchors: Iterable[Anchor]) -> None:
        by_length: dict[int, dict[int, list[tuple[int, Anchor]]]] = {}
        for anchor in dict.fromkeys(anchors):
            length, at = _window(anchor.text)
            window = int.from_bytes(anchor.text[at : at + length], "little")
            by_length.setdefault(length, {}).setdefault(window, []).append((at, anchor))
        self._windows = [_Windows(length, found) for length, found in sorted(by_length.items())]

    def found_in(self, content: bytes, bounds: Positions) -> Iterator[tuple[int, int, int]]:
        """Wherever an anchor stands: the part of the content, whose anchor, and the position. `bounds` says
        where the parts begin, in order, and where the last one ends."""
        for windows in self._windows:
            yield from windows.found_in(content, bounds)


class _Windows:
    """Anchors with windows of one length."""

    def __init__(self, length: int, anchors: dict[int, list[tuple[int, Anchor]]]) -> None:
        self._length = length
        self._anchors = anchors
        self._type = _TYPES[length]
        self._known: Numbers = np.array(sorted(anchors), self._type)
        self._slots = np.zeros(1 << _SLOT_BITS[length], np.bool_)
        self._slots[self._slot(self._known)] = True

    def found_in(self, content: bytes, bounds: Positions) -> Iterator[tuple[int, int, int]]:
        for at, window in self._standing(content):
            parts = np.searchsorted(bounds, at, side="right") - 1
            columns = (at, window, parts, bounds[parts], bounds[parts + 1])
            for position, value, part, first, end in zip(*(c.tolist() for c in columns), strict=True):
                for offset, anchor in self._anchors[value]:
                    if _stands(content, position - offset, anchor, first, end):
                        yield part, anchor.owner, position - offset

    def _standing(self, content: bytes) -> Iterator[tuple[Positions, Numbers]]:
        """Where a known window stands, and which."""
        for start in range(0, len(content), BYTES_TOGETHER):
            for first in range(start, min(start + self._length, len(content) - self._length + 1)):
                count = min(BYTES_TOGETHER, len(content) - first) // self._length
                values = np.frombuffer(content, self._type, count, first)
                likely = np.flatnonzero(self._slots[self._slot(values)])
                if likely.size:
                    windows = values[likely]
                    nearest = np.searchsorted(self._known, windows).clip(max=self._known.size - 1)
                    is_known = self._known[nearest] == windows
                    yield first + likely[is_known] * self._length, windows[is_known]

    def _slot(self, values: Numbers) -> Numbers:
        spare = 8 * self._length - _SLOT_BITS[self._length]
        return (values * self._type(_FACTORS[self._length])) >> self._type(spare)


def _window(text: bytes) -> tuple[int, int]:
    """Length and position of the window of a text that stands in the fewest other texts: that with the most
    digits, the last of them, and without digits the first."""
    length = next(size for size in _TYPES if size <= len(text))
    before = [0, *accumulate(sign in _DIGITS for sign in text)]
    digits = [before[at + length] - before[at] for at in range(len(text) - length + 1)]
    most = max(digits)
    return length, len(digits) - 1 - digits[::-1].index(most) if most else 0


def _stands(content: bytes, start: int, anchor: Anchor, first: int, end: int) -> bool:
    after = start + len(anchor.text)
    return (
        first <= start
        and after <= end
        and content.startswith(anchor.text, start)
        and not (start > first and content[start - 1] in anchor.not_before)
        and not (after < end and content[after] in anchor.not_after)
    )
