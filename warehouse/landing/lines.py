"""Text cut into physical lines as Arrow arrays, without a Python object per line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from warehouse.landing.model import LandingTable
from warehouse.landing.source import LONGEST_LINE_BYTES

_NEWLINE = 10


@dataclass(frozen=True)
class Lines:
    """Consecutive lines, each with its line end; `first` is the physical line number of the first."""

    texts: pa.StringArray
    first: int


def whole_lines(blocks: Iterable[bytes], first: int, table: LandingTable) -> Iterator[Lines]:
    """Every line of UTF-8 blocks in order; a line longer than 16 MB is rejected and passed over."""
    pending = b""
    is_skipping = False
    for block in blocks:
        if is_skipping:
            end = block.find(b"\n")
            if end < 0:
                continue
            block, is_skipping, first = block[end + 1 :], False, first + 1
        end = block.rfind(b"\n")
        if end < 0:
            pending += block
        else:
            lines = _cut(pending + block[: end + 1], first)
            yield lines
            first += len(lines.texts)
            pending = block[end + 1 :]
        if len(pending) > LONGEST_LINE_BYTES:
            reject_long(table, first, pending[:200].decode("utf-8", "ignore"))
            pending, is_skipping = b"", True
    if pending:
        yield _cut(pending, first)


def reject_long(table: LandingTable, line: int, text: str) -> None:
    """Set aside a line no reader should hold."""
    limit = LONGEST_LINE_BYTES >> 20
    table.reject(
        line,
        "row_too_long",
        f"the line is longer than {limit} MB",
        "check the line ends and quotes of the file",
        text,
    )


def _cut(content: bytes, first: int) -> Lines:
    """Lines over one buffer: only the offsets are made."""
    data = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(data == _NEWLINE) + 1
    if not len(ends) or ends[-1] != len(content):
        ends = np.append(ends, len(content))
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(content)]
    return Lines(pa.Array.from_buffers(pa.string(), len(ends), buffers), first)
