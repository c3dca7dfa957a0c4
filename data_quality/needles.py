"""What a search looks for: values, and values that only together name somebody, in the spellings files have.

A value counts as a whole word: `till:8` is not found in `till:80`, nor a phone number within a longer number.
Upper and lower case are the same, but not in keys, where they tell two people apart.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

PATTERNS_TOGETHER = 500
_ESCAPED = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SIGN = re.compile(r"([^0-9A-Za-z\s\x80-\U0010ffff])")
_SQL_LETTERS = r"a-z\x{80}-\x{10FFFF}"


@dataclass(frozen=True)
class Needle:
    """Values that all stand in one row of a table or one line of a text, usually just one value.

    A key (`is_key`) is compared letter by letter, and one that goes on after a slash is another key.
    """

    values: tuple[str, ...]
    is_key: bool = False

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


def sql_patterns(values: Sequence[str], is_key: bool) -> list[tuple[str, str]]:
    """Some values as few pairs of expressions, short enough for DuckDB's engine: one that is quick and finds
    them within words as well, and the one that decides."""
    parts = [values[i : i + PATTERNS_TOGETHER] for i in range(0, len(values), PATTERNS_TOGETHER)]
    return [("|".join(_spelled(part, is_key)), "|".join(_bounded(part, is_key).values())) for part in parts]


class TextSearch:
    """Needles made ready for searching texts and bytes."""

    def __init__(self, needles: Iterable[Needle]) -> None:
        self._ready = [
            (needle, [_runs(value) for value in needle.values], [_encoded(value) for value in needle.values])
            for needle in needles
        ]

    def is_in(self, text: str) -> bool:
        """Whether some needle is in the text."""
        folded = text.lower()
        return any(
            all(any(run in folded for run in of_value) for of_value in runs)
            and all(_compiled(v, n.is_key).search(text if n.is_key else folded) for v in n.values)
            for n, runs, _ in self._ready
        )

    def lines_in(self, content: bytes) -> int:
        """How many lines of the content, in UTF-8 or UTF-16, hold some needle."""
        content = _ESCAPED.sub(lambda found: bytes.fromhex(found.group(1).decode()), content)
        if not self._may_be_in(content):
            return 0
        lines = content.split(b"\n")
        return sum(self._may_be_in(line) and any(map(self.is_in, _texts(line))) for line in lines)

    def _may_be_in(self, content: bytes) -> bool:
        """The cheap test that nearly all content fails."""
        folded = content.lower()
        return any(
            all(any(code in folded for code in codes) for codes in encoded) for *_, encoded in self._ready
        )


def _texts(line: bytes) -> list[str]:
    texts = [line.decode("utf-8", errors="replace")]
    if b"\0" in line:
        texts += [line[start:].decode("utf-16-le", errors="replace") for start in (0, 1)]
    return texts


def _runs(value: str) -> set[str]:
    """Text without which a value stands nowhere: the longest run of ASCII in each spelling, folded."""
    spelled = spellings(value, is_key=True)
    return {max(_NOT_ASCII.split(text), key=len).lower() for text in spelled}


def _encoded(value: str) -> set[bytes]:
    """The same as bytes."""
    return {run.encode(code) for run in _runs(value) for code in ("utf-8", "utf-16-le")}


@lru_cache(maxsize=4096)
def _compiled(value: str, is_key: bool) -> re.Pattern[str]:
    """The value as a whole word in Python's expressions."""
    spelled = "|".join(_spelled([value], is_key))
    before, after = (r"[^\W_]", r"[\w/-]") if is_key else (_kind(value[0]), _kind(value[-1]))
    return re.compile(f"(?<!{before})(?:{spelled})(?!{after})")


def _kind(sign: str) -> str:
    """What may not stand beside a value that ends with this sign: more digits, or more letters."""
    return "[0-9]" if sign.isdigit() else r"[^\W\d_]" if sign.isalpha() else r"[\x00]"


def _bounded(values: Sequence[str], is_key: bool) -> dict[tuple[str, str], str]:
    """The values as whole words in DuckDB's expressions, which cannot look around, by kind of ends."""
    groups: dict[tuple[str, str], list[str]] = {}
    for value in values:
        word = f"0-9A-Z{_SQL_LETTERS}"
        sides = (word, f"{word}/_-") if is_key else (_sql_kind(value[0]), _sql_kind(value[-1]))
        groups.setdefault(sides, []).append(value)
    return {
        sides: f"(?:^|[^{sides[0]}])(?:{'|'.join(_spelled(group, is_key))})(?:$|[^{sides[1]}])"
        for sides, group in groups.items()
    }


def _sql_kind(sign: str) -> str:
    return "0-9" if sign.isdigit() else _SQL_LETTERS if sign.isalpha() else r"\x00"


def _spelled(values: Sequence[str], is_key: bool) -> list[str]:
    """Every spelling of the values, quoted for an expression."""
    found = {spelled for value in values for spelled in spellings(value, is_key)}
    return [_SIGN.sub(r"\\\1", spelled) for spelled in sorted(found)]


def _plain_i(text: str) -> str:
    """Lower case as DuckDB makes it: the dotted capital I becomes a plain i."""
    return text.replace("\u0130", "i").lower()
