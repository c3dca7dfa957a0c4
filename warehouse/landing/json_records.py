"""JSON text cut into records without parsing it: the elements of an array, or objects one after another.

A record is a slice of the file's bytes; whether it is valid JSON is for the reader to ask, record by record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.errors import InputError
from warehouse.landing.lines import Lines
from warehouse.landing.source import LONGEST_LINE_BYTES

_QUOTE, _BACKSLASH, _COMMA, _SPACE = 34, 92, 44, 32
_STEP = np.zeros(256, np.int32)
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1
_IS_STRUCTURE = _STEP != 0
_IS_STRUCTURE[_COMMA] = True


def array_elements(blocks: Iterable[bytes], path: Path) -> Iterator[Lines]:
    """The elements of the array (or members of the object) the text is, numbered from 1.

    InputError when it is not closed, or when one element is longer than a record may be.
    """
    pending, first, is_begun = b"", 1, False
    for block in chain(blocks, [b""]):
        buffer = pending + block
        if not is_begun:
            buffer = buffer.lstrip()[1:]
            is_begun = True
        commas, end = _top_level(buffer)
        cuts = commas if end is None else np.append(commas[commas < end], end)
        lines = _slices(buffer, cuts, first)
        if end is not None:
            if buffer[end + 1 :].strip():
                raise InputError("text follows the end of the list of records", file=path, fix="remove it")
            last_is_empty = len(cuts) and not lines.texts[len(cuts) - 1].as_py().strip(" \t\r\n,]}")
            yield Lines(lines.texts[: len(cuts) - 1], first) if last_is_empty else lines
            return
        if len(cuts):
            yield lines
            first += len(cuts)
        pending = buffer[int(cuts[-1]) + 1 :] if len(cuts) else buffer
        if len(pending) > 2 * LONGEST_LINE_BYTES:
            break
    raise InputError(
        f"the list of records is cut off or damaged after record {first - 1}",
        file=path,
        fix="deliver the file again",
    )


def objects_in_a_row(content: bytes) -> list[bytes]:
    """Whole objects or arrays one after another; the last slice is what is left over, if anything."""
    places, depth, _ = _structure(content)
    data = np.frombuffer(content, np.uint8)
    ends = places[(depth == 0) & (data[places] != _COMMA)] + 1
    bounds = [0, *(int(end) for end in ends), len(content)]
    slices = [content[start:end] for start, end in pairwise(bounds)]
    return [piece for piece in slices if piece.strip()]


def nested_deeper(texts: pa.StringArray, most: int) -> np.ndarray:
    """Which records nest deeper than `most`; parsers that call themselves per level crash on such."""
    openings = pc.add(pc.count_substring(texts, "{"), pc.count_substring(texts, "["))
    deep: np.ndarray = openings.to_numpy(zero_copy_only=False) > most
    for row in np.flatnonzero(deep):
        _, depth, _ = _structure(texts[int(row)].as_py().encode("utf-8"))
        deep[row] = depth.max(initial=0) > most
    return deep


def _top_level(buffer: bytes) -> tuple[np.ndarray, int | None]:
    """Positions of the commas between elements, and of the bracket that closes the array if it is there."""
    places, depth, data = _structure(buffer)
    closing = places[depth == -1]
    end = int(closing[0]) if len(closing) else None
    return places[(depth == 0) & (data[places] == _COMMA)], end


def _structure(buffer: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions of brackets and commas outside strings, the depth after each, and the bytes."""
    data = np.frombuffer(buffer, np.uint8)
    quotes = np.flatnonzero(data == _QUOTE)
    if b"\\" in buffer:
        quotes = quotes[~_is_escaped(data, quotes)]
    places = np.flatnonzero(_IS_STRUCTURE[data])
    places = places[(np.searchsorted(quotes, places) & 1) == 0]
    return places, np.cumsum(_STEP[data[places]]), data


def _is_escaped(data: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Whether an odd number of backslashes stands right before each quote."""
    others = np.flatnonzero(data != _BACKSLASH)
    index = np.searchsorted(others, quotes) - 1
    last_other = np.where(index >= 0, others[index], -1)
    return ((quotes - last_other - 1) & 1).astype(bool)


def _slices(buffer: bytes, cuts: np.ndarray, first: int) -> Lines:
    """The text between cuts; the cut characters themselves become blanks."""
    data = np.frombuffer(buffer, np.uint8).copy()
    data[cuts] = _SPACE
    offsets = np.concatenate(([0], cuts + 1)).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return Lines(pa.Array.from_buffers(pa.string(), len(cuts), buffers), first)
