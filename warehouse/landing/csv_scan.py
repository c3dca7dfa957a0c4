"""The structure of a CSV file, found independently of the parser: records, quotes, longest line.

Quotes are well formed when every opening one stands at the start of a field and every closing one at the end
of a field; then a newline belongs to a value exactly when an odd number of quotes precedes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

_QUOTE, _LF, _CR = 34, 10, 13


@dataclass
class Structure:
    """What a CSV file's bytes say, counted from the first data line on."""

    count_records: int = 0
    count_lines: int = 0
    count_newlines_in_values: int = 0
    count_nul: int = 0
    longest_bytes: int = 0
    has_quotes: bool = False
    has_quoted_fields: bool = False
    is_well_formed: bool = True


def scan(blocks: Iterable[bytes], delimiter: str) -> Structure:
    """Walk through the bytes once, vectorised."""
    found = Structure()
    starts = np.zeros(256, bool)
    starts[[ord(delimiter), _LF, _CR]] = True
    after_blanks = re.compile(b"[\r\n" + re.escape(delimiter.encode("ascii")) + b'][ \t]+"')
    is_inside, before, position = False, b"\n", 0
    last_record_end = last_line_end = 0
    for block in _settled(blocks):
        data = np.frombuffer(before + block + b"\r", np.uint8)  # one byte of context on both sides
        body = data[1:-1]
        found.count_nul += block.count(b"\0")
        ends = np.flatnonzero(body == _LF)
        if b"\r" in block:
            returns = np.flatnonzero(body == _CR)
            lone = returns[data[returns + 2] != _LF]
            ends = np.sort(np.concatenate((ends, lone))) if len(lone) else ends
        found.count_lines += len(ends)
        last_line_end = _longest(found, ends + position, last_line_end)
        if b'"' in block:
            found.has_quotes = True
            quotes = np.flatnonzero(body == _QUOTE)
            is_opening = (np.arange(len(quotes)) & 1) == is_inside
            previous, following = data[quotes], data[quotes + 2]
            at_start = starts[previous]
            found.has_quoted_fields |= bool(at_start.any() or after_blanks.search(before + block))
            is_right = np.where(
                is_opening, at_start | (previous == _QUOTE), starts[following] | (following == _QUOTE)
            )
            found.is_well_formed &= bool(is_right.all())
            in_value = ((np.searchsorted(quotes, ends) + is_inside) & 1).astype(bool)
            is_inside ^= bool(len(quotes) & 1)
        else:
            in_value = np.full(len(ends), is_inside)
        record_ends = ends[~in_value]
        found.count_records += len(record_ends)
        found.count_newlines_in_values += len(ends) - len(record_ends)
        last_record_end = _longest(found, record_ends + position, last_record_end)
        position += len(block)
        before = block[-1:]
    if position and before not in (b"\n", b"\r"):
        found.count_lines += 1
        found.count_records += 1
    found.longest_bytes = max(found.longest_bytes, position - last_record_end)
    found.is_well_formed &= not is_inside
    return found


def _longest(found: Structure, ends: np.ndarray, last_end: int) -> int:
    """Keep the longest distance between ends; gives the last one."""
    if len(ends):
        longest = max(int(ends[0]) - last_end, int(np.diff(ends).max(initial=0)))
        found.longest_bytes = max(found.longest_bytes, longest)
        return int(ends[-1])
    return last_end


def _settled(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks that end neither in a quote nor in a carriage return, whose meaning the next byte decides."""
    carried = b""
    for block in blocks:
        whole = carried + block if carried else block
        if whole[-1:] in (b'"', b"\r"):
            settled = whole.rstrip(b'"\r')
            carried = whole[len(settled) :]
            whole = settled
        else:
            carried = b""
        if whole:
            yield whole
    if carried:
        yield carried
