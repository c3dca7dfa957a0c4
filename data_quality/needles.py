"""What a search looks for: values, and values that only together name somebody, in the spellings files have.

A value counts as a whole word: `till:8` is not found in `till:80`, nor a phone number within a longer number.
Upper and lower case are the same, but not in keys, where they tell two people apart.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Protocol
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

PATTERNS_TOGETHER = 500
UNIT = "\x1f"
"""Between the cells of a row."""
_ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SIGN = re.compile(r"([^0-9A-Za-z\s\x80-\U0010ffff])")
_WORD = re.compile(r"[a-z]+|[0-9]+")


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
    """What is looked for, made ready for searching texts and bytes. It is told apart by its position."""

    def found_in(self, text: str) -> frozenset[int]: ...

    def found_in_row(self, cells: Sequence[str | None]) -> Iterator[tuple[int | None, frozenset[int]]]: ...

    def likely(self, texts: Sequence[str]) -> list[int]: ...

    def likely_contents(self, contents: Sequence[bytes]) -> list[int]: ...

    def lines_in(self, content: bytes) -> Iterator[tuple[int, frozenset[int]]]: ...


class TextSearch:
    """Needles made ready for searching texts and bytes. They are told apart by their position."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._needles = list(needles)
        rarest = [max(needle.values, key=_rarity) for needle in needles]
        self.patterns = _alternatives(spelled for value in rarest for spelled in _quoted(spellings(value)))
        """Expressions over folded text, one of which fits whatever holds a needle, and little else."""
        self._codes = _alternatives(code for value in rarest for code in _encoded(value))
        self._together = frozenset(n for n, needle in enumerate(needles) if len(needle.values) > 1)
        self._by_word: dict[str, list[int]] = {}
        self._wordless: list[int] = []
        for number, value in enumerate(rarest):
            words = {max(_WORD.findall(spelled), key=len, default="") for spelled in spellings(value)}
            for word in words:
                self._by_word.setdefault(word, []).append(number)
            if "" in words:
                self._wordless.append(number)

    def found_in(self, text: str) -> frozenset[int]:
        """The needles all of whose values are in the text."""
        folded = text.lower()
        likely = set(self._wordless)
        for word in set(_WORD.findall(folded)):
            likely.update(self._by_word.get(word, ()))
        return frozenset(number for number in likely if self._is_in(self._needles[number], text, folded))

    def found_in_row(self, cells: Sequence[str | None]) -> Iterator[tuple[int | None, frozenset[int]]]:
        """The cells, by position, that hold a value which counts alone; None for a row that holds values
        which count only together."""
        whole = self.found_in(UNIT.join(cell for cell in cells if cell is not None))
        together = whole & self._together
        if together:
            yield None, together
        for position, cell in enumerate(cells if whole > together else ()):
            alone = self.found_in(cell) - self._together if cell else frozenset()
            if alone:
                yield position, alone

    def likely(self, texts: Sequence[str]) -> list[int]:
        """The positions of the texts that may hold a needle: nearly all that do not are passed over."""
        return _fitting(pa.array([text.lower() for text in texts], pa.large_string()), self.patterns)

    def likely_contents(self, contents: Sequence[bytes]) -> list[int]:
        """The same of bytes. Many at once cost little more than one: expressions are compiled once."""
        return _fitting(
            pa.array([_unescaped(one).lower() for one in contents], pa.large_binary()), self._codes
        )

    def lines_in(self, content: bytes) -> Iterator[tuple[int, frozenset[int]]]:
        """The position of each line of the content, in UTF-8 or UTF-16, that holds needles, and which."""
        lines = _unescaped(content).split(b"\n")
        for position in _fitting(pa.array([line.lower() for line in lines], pa.large_binary()), self._codes):
            found = frozenset[int]().union(*map(self.found_in, _texts(lines[position])))
            if found:
                yield position, found

    @staticmethod
    def _is_in(needle: Needle, text: str, folded: str) -> bool:
        searched = text if needle.is_key else folded
        return all(_compiled(value, needle.is_key).search(searched) for value in needle.values)


def _fitting(texts: pa.Array, patterns: Sequence[str]) -> list[int]:
    """The positions of the folded texts, or bytes, that one of the expressions fits.

    Folding is left to who calls: expressions that ignore case take a hundred times as long to compile.
    """
    fits = [pc.match_substring_regex(texts, pattern) for pattern in patterns]
    positions: list[int] = pc.indices_nonzero(reduce(pc.or_, fits)).to_pylist()
    return positions


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


def _runs(value: str) -> set[str]:
    """Text without which a value stands nowhere: the longest run of ASCII in each spelling, folded."""
    spelled = spellings(value, is_key=True)
    return {max(_NOT_ASCII.split(text), key=len).lower() for text in spelled}


def _encoded(value: str) -> set[str]:
    """The same as expressions over bytes, in UTF-8 and in UTF-16."""
    signs = [_quoted([sign for sign in run]) for run in _runs(value)]
    return {joint.join(run) for run in signs for joint in ("", r"\x00")}


def _alternatives(parts: Iterable[str]) -> list[str]:
    """Expressions any of which fits what one of the parts fits, short enough for their engine."""
    found = sorted(set(parts))
    return ["|".join(found[i : i + PATTERNS_TOGETHER]) for i in range(0, len(found), PATTERNS_TOGETHER)]


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
    return text.replace("\u0130", "i").lower()
