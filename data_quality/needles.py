"""What a search looks for: values, and values that only together name somebody, in the spellings files have.

A value counts as a whole word: `till:8` is not found in `till:80`, nor a phone number within a longer number.
Upper and lower case are the same, but not in keys, where they tell two people apart.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Protocol
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_quality.anchors import Anchor, Anchors, Positions

_MOST_BYTES = 4
"""Of a sign, in UTF-8 and UTF-16."""
UNIT = "\x1f"
"""Between the cells of a row."""
_DOTTED_I = "\u0130"
_ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_SIGN = re.compile(r"([^0-9A-Za-z\s\x80-\U0010ffff])")
_LETTERS, _DIGITS = frozenset(b"abcdefghijklmnopqrstuvwxyz"), frozenset(b"0123456789")
_IN_KEYS = _LETTERS | _DIGITS | frozenset(b"_/-")


@dataclass(frozen=True)
class Needle:
    """Values that all stand in one row of a table or one line of a text, usually just one value.

    A key (`is_key`) is compared letter by letter, and one that goes on after a slash is another key. One that
    `is_stated` stands somewhere for certain; another is a spelling in which a value may stand as well.
    """

    values: tuple[str, ...]
    is_key: bool = False
    is_stated: bool = True

    def __post_init__(self) -> None:
        if not self.values or not all(value.strip() for value in self.values):
            raise ValueError("give at least one value to search for, none of them empty")


def needles_of(values: Iterable[str]) -> list[Needle]:
    """One needle per value, each once."""
    return [Needle((value,)) for value in sorted(set(values))]


def spellings(value: str, is_key: bool = False) -> set[str]:
    """A value as JSON, XML and links write it, composed and decomposed, folded unless it is a key."""
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")} | {value}
    forms |= {json.dumps(f)[1:-1] for f in forms} | {json.dumps(f, ensure_ascii=False)[1:-1] for f in forms}
    forms |= {html.escape(f) for f in forms} | {quote(value, safe=""), quote(value)}
    return forms if is_key else {folded for f in forms for folded in (f.lower(), f.casefold(), _plain_i(f))}


class Texts(Protocol):
    """What is looked for, made ready for searching texts and bytes. It is told apart by its position;
    `together` are the positions of what says something only when all its values stand in one row."""

    together: frozenset[int]

    def found_in(self, text: str) -> frozenset[int]: ...

    def in_rows(self, columns: Sequence[pa.Array]) -> Iterator[tuple[int, int | None, frozenset[int]]]: ...

    def likely_contents(self, contents: Sequence[bytes]) -> list[int]: ...

    def lines_in(self, content: bytes) -> Iterator[tuple[int, frozenset[int]]]: ...


class TextSearch:
    """Needles made ready for searching texts and bytes. They are told apart by their position.

    Of each needle only its rarest value is looked for; where that stands, the needle is compared.
    """

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = list(needles)
        rarest = [max(needle.values, key=_rarity) for needle in needles]
        self.together = frozenset(n for n, needle in enumerate(needles) if len(needle.values) > 1)
        self._in_texts = Anchors(
            _anchor(_one_sigma(spelled.encode("utf-8", "replace")), number, value, needles[number].is_key)
            for number, value in enumerate(rarest)
            for spelled in spellings(value)
        )
        encoded = [
            list(_encoded(number, value, needles[number].is_key)) for number, value in enumerate(rarest)
        ]
        self._everywhere = frozenset(
            number for number, anchors in enumerate(encoded) if not all(anchor.text for anchor in anchors)
        )
        """Needles that no bytes stand for, whatever the capitals: they are compared with every line."""
        longest = max((len(spelled) for value in rarest for spelled in spellings(value)), default=0)
        self._reach = _MOST_BYTES * (longest + 2)
        """How far from its anchor a value and what stands beside it may go."""
        self._in_bytes = Anchors(anchor for anchors in encoded for anchor in anchors if anchor.text)

    def found_in(self, text: str) -> frozenset[int]:
        """The needles all of whose values are in the text."""
        folded = _one_sigma(text.lower().encode("utf-8", "replace"))
        likely = {number for _, number, _ in self._in_texts.found_in(folded, _bounds([len(folded)]))}
        return self._among(likely, text)

    def in_rows(self, columns: Sequence[pa.Array]) -> Iterator[tuple[int, int | None, frozenset[int]]]:
        """The cells, by row and column, that hold values which count alone, and which; None as column for a
        row that holds values which count only together. The columns are of text."""
        alone: dict[tuple[int, int], set[int]] = {}
        together: dict[int, set[int]] = {}
        for position, column in enumerate(columns):
            for row, number, _ in self._in_texts.found_in(*_folded(column)):
                if number in self.together:
                    together.setdefault(row, set()).add(number)
                else:
                    alone.setdefault((row, position), set()).add(number)
        for row, numbers in sorted(together.items()):
            cells = (column[row].as_py() for column in columns)
            found = self._among(numbers, UNIT.join(cell for cell in cells if cell is not None))
            if found:
                yield row, None, found
        for (row, position), numbers in sorted(alone.items()):
            cell = columns[position][row].as_py() or ""
            found = frozenset(number for number in numbers if _is_in_cell(self._needles[number], cell))
            if found:
                yield row, position, found

    def likely_contents(self, contents: Sequence[bytes]) -> list[int]:
        """The positions of contents that may hold a needle: nearly all that do not are passed over."""
        if self._everywhere:
            return list(range(len(contents)))
        folded = [_unescaped(content).lower() for content in contents]
        found = self._in_bytes.found_in(b"".join(folded), _bounds(map(len, folded)))
        return sorted({position for position, _, _ in found})

    def lines_in(self, content: bytes) -> Iterator[tuple[int, frozenset[int]]]:
        """The position of each line of the content, in UTF-8 or UTF-16, that holds needles, and which."""
        plain = _unescaped(content)
        ends = np.flatnonzero(np.frombuffer(plain, np.uint8) == ord("\n"))
        bounds = np.concatenate(([0], ends + 1, [len(plain)]))
        found: dict[int, set[int]] = {}
        for line, number, at in self._in_bytes.found_in(plain.lower(), bounds):
            held = found.setdefault(line, set())
            if number not in held:
                first, end = int(bounds[line]), int(bounds[line + 1])
                if number not in self.together:
                    first, end = max(first, at - self._reach), min(end, at + self._reach)
                held |= self._in_line([number], plain[first:end])
        for line, text in enumerate(plain.split(b"\n") if self._everywhere else ()):
            found.setdefault(line, set()).update(self._in_line(self._everywhere, text))
        yield from ((line, frozenset(held)) for line, held in sorted(found.items()) if held)

    def _in_line(self, numbers: Collection[int], line: bytes) -> frozenset[int]:
        return frozenset[int]().union(*(self._among(numbers, text) for text in _texts(line)))

    def _among(self, numbers: Iterable[int], text: str) -> frozenset[int]:
        """Those of the needles all of whose values are in the text."""
        return frozenset(number for number in numbers if _is_in(self._needles[number], text))


def _bounds(lengths: Iterable[int]) -> Positions:
    """Where parts of these lengths begin, one after the other, and where the last one ends."""
    return np.cumsum([0, *lengths], dtype=np.int64)


def _folded(column: pa.Array) -> tuple[bytes, Positions]:
    """A column of text in lower case as bytes, and where its cells begin."""
    content, bounds = _content(column)
    if content.isascii():
        return content.lower(), bounds
    content, bounds = _content(pc.utf8_lower(pc.replace_substring(column, _DOTTED_I, _DOTTED_I.lower())))
    return _one_sigma(content), bounds


def _content(column: pa.Array) -> tuple[bytes, Positions]:
    texts = column.cast(pa.large_string())
    if len(texts) == texts.null_count:
        return b"", np.zeros(len(texts) + 1, np.int64)
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64, len(texts) + 1, 8 * texts.offset)
    return data.slice(bounds[0], bounds[-1] - bounds[0]).to_pybytes(), bounds - bounds[0]


def _one_sigma(content: bytes) -> bytes:
    """Folded text with the sigma that ends a word as any other: Arrow and Python fold it differently."""
    return content.replace("ς".encode(), "σ".encode())


def _unescaped(content: bytes) -> bytes:
    """The content with what JSON writes as numbers of plain signs."""
    return _ESCAPED.sub(lambda found: bytes.fromhex(found.group(1).decode()), content)


def _texts(line: bytes) -> list[str]:
    texts = [line.decode("utf-8", errors="replace")]
    if b"\0" in line:
        texts += [line[start:].decode("utf-16-le", errors="replace") for start in (0, 1)]
    return texts


def _rarity(value: str) -> tuple[int, int]:
    """Which of the values that count only together is looked for first: digits and long words are rare."""
    return sum(sign.isdigit() for sign in value), len(value)


def _encoded(number: int, value: str, is_key: bool) -> Iterator[Anchor]:
    """Bytes without which a value stands nowhere, in UTF-8 and UTF-16: the longest run in each spelling of
    signs that are the same in capitals, or fold as bytes."""
    for spelled in spellings(value, is_key=True):
        runs = ("".join(run) for is_plain, run in groupby(spelled, key=_folds_as_bytes) if is_plain)
        run = max(runs, key=len, default="").lower()
        if len(run) == len(spelled):
            yield _anchor(run.encode(), number, value, is_key)
        else:
            yield Anchor(run.encode(), number)
        yield from (Anchor(run.encode(code).lower(), number) for code in ("utf-16-le", "utf-16-be"))


def _folds_as_bytes(sign: str) -> bool:
    return sign.isascii() or (sign == sign.lower() == sign.upper() and not "\ud800" <= sign <= "\udfff")


def _anchor(text: bytes, number: int, value: str, is_key: bool) -> Anchor:
    """A value as it is written, as far as bytes tell a whole word."""
    before, after = (_LETTERS | _DIGITS, _IN_KEYS) if is_key else (_beside(value[0]), _beside(value[-1]))
    return Anchor(text, number, before, after)


def _beside(sign: str) -> frozenset[int]:
    return _DIGITS if sign.isdigit() else _LETTERS if sign.isalpha() else frozenset()


@lru_cache(maxsize=4096)
def _is_in_cell(needle: Needle, cell: str) -> bool:
    """Days of a table repeat one another."""
    return _is_in(needle, cell)


def _is_in(needle: Needle, text: str) -> bool:
    """Whether all values of a needle are in a text."""
    searched = text if needle.is_key else text.lower()
    return all(_compiled(value, needle.is_key).search(searched) for value in needle.values)


@lru_cache(maxsize=65_536)
def _compiled(value: str, is_key: bool) -> re.Pattern[str]:
    """The value as a whole word in Python's expressions."""
    spelled = "|".join(sorted(_quoted(spellings(value, is_key))))
    before, after = (r"[^\W_]", r"[\w/-]") if is_key else (_kind(value[0]), _kind(value[-1]))
    return re.compile(f"(?<!{before})(?:{spelled})(?!{after})")


def _kind(sign: str) -> str:
    """What may not stand beside a value that ends with this sign: more digits, or more letters."""
    return "[0-9]" if sign.isdigit() else r"[^\W\d_]" if sign.isalpha() else r"[\x00]"


def _quoted(texts: Iterable[str]) -> list[str]:
    """The texts as expressions that fit nothing else."""
    return [_SIGN.sub(r"\\\1", text) for text in texts]


def _plain_i(text: str) -> str:
    """Lower case as DuckDB makes it: the dotted capital I becomes a plain i."""
    return text.replace(_DOTTED_I, "i").lower()
