"""Files searched for very many identifiers at once: what might be one is taken out of a text and looked up.

The cost does not grow with the number of needles. Names, addresses and e-mails are sequences of words, in any
capitals and with up to three signs between the words; numbers are compared by their digits, phones without
their prefix; keys stand letter by letter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pyarrow as pa

from data_quality.decoded import FILE, SqlTable
from data_quality.leaks import Leak, search
from data_quality.needles import Needle
from data_quality.parquet import identifier
from warehouse.encrypted_files import plain_path

NUMBER_DIGITS = 7
"""A number with fewer digits identifies nobody by itself."""
_PHONE_DIGITS = 14
_MOST_GROUPS = 6
_NO_TEXT = ("BOOLEAN", "DATE", "TIME")
_WORD = re.compile(r"[^\W\d_]+|[0-9]+")
_GAP = re.compile(r'[^\w"]{0,3}|_')
_NUMBER = re.compile(r"(?<!\w)[+(]{0,2}[0-9](?:[ .()\-/]{0,3}[0-9]){6,}(?!\w)")
_DIGITS = re.compile(r"[0-9]+")
_PREFIX = re.compile(r"^(?:00)?(?:62)?0?")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_LINK = re.compile(r"%[0-9a-fA-F]{2}")

Words = tuple[str, ...]


def scan_for_many(paths: Path | Iterable[Path], needles: Sequence[Needle]) -> list[Leak]:
    """Where any of the needles, each of one value, occurs in these files and folders, by file and place."""
    return search(paths, Lookup(needles), CellSearch)


class Lookup:
    """Needles ready to be looked up. They are told apart by their position."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        if not needles or any(len(needle.values) > 1 for needle in needles):
            raise ValueError("give at least one needle, each of one value")
        self.together: frozenset[int] = frozenset()
        self._numbers: dict[str, list[int]] = {}
        self._words: dict[Words, list[int]] = {}
        self._lengths: dict[str, set[int]] = {}
        self._keys: dict[int, re.Pattern[str]] = {}
        for position, needle in enumerate(needles):
            self._add(position, needle)

    def found_in(self, text: str) -> frozenset[int]:
        """The needles that are in the text."""
        text = _plain(text)
        return frozenset(self._among_numbers(text)) | frozenset(self._among_words(text))

    def in_rows(self, columns: Sequence[pa.Array]) -> Iterator[tuple[int, int | None, frozenset[int]]]:
        """The cells, by row and column, that hold needles, and which."""
        for position, column in enumerate(columns):
            for row, cell in enumerate(column.to_pylist()):
                found = self.found_in(cell) if cell else frozenset()
                if found:
                    yield row, position, found

    def likely_contents(self, contents: Sequence[bytes]) -> list[int]:
        """The positions of contents that may hold a needle: all, as each is looked through once anyway."""
        return list(range(len(contents)))

    def lines_in(self, content: bytes) -> Iterator[tuple[int, frozenset[int]]]:
        """The position of each line of the content, in UTF-8, that holds needles, and which."""
        for position, line in enumerate(content.decode("utf-8", errors="replace").split("\n")):
            found = self.found_in(line)
            if found:
                yield position, found

    def _add(self, position: int, needle: Needle) -> None:
        value = _plain(needle.values[0])
        number = _digits(value)
        if len(number) >= NUMBER_DIGITS and not any(sign.isalpha() for sign in value):
            self._numbers.setdefault(number, []).append(position)
            return
        words = tuple(_WORD.findall(value.lower()))
        if not words:
            raise ValueError("a needle has neither letters nor digits")
        self._words.setdefault(words, []).append(position)
        self._lengths.setdefault(words[0], set()).add(len(words))
        if needle.is_key:
            self._keys[position] = re.compile(rf"(?<![^\W_]){re.escape(value)}(?![\w/-])")

    def _among_numbers(self, text: str) -> Iterator[int]:
        for written in _NUMBER.findall(text):
            groups = _DIGITS.findall(written)
            for first in range(len(groups)):
                for after in range(first + 1, min(first + _MOST_GROUPS, len(groups)) + 1):
                    yield from self._numbers.get(_digits("".join(groups[first:after])), ())

    def _among_words(self, text: str) -> Iterator[int]:
        folded = text.lower()
        if self._lengths.keys().isdisjoint(_WORD.findall(folded)):
            return
        found = list(_WORD.finditer(folded))
        words = tuple(match.group() for match in found)
        for first, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                known = self._words.get(words[first : first + length])
                if known and _stand_together(folded, found[first : first + length]):
                    yield from (p for p in known if p not in self._keys or self._keys[p].search(text))


class CellSearch:
    """Every different value of every column of a table, looked up once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, texts: Lookup) -> None:
        self._con = con
        self._texts = texts

    def found_in(self, tables: Iterable[SqlTable]) -> Iterator[tuple[Path, str, frozenset[int]]]:
        """For each value that holds needles: file, place after the file's name, and which."""
        for table in tables:
            for column, type_name, *_ in self._con.execute(
                f"DESCRIBE SELECT * FROM {table.source}"
            ).fetchall():
                if column != FILE and not type_name.startswith(_NO_TEXT):
                    for path, value in self._values(table, column):
                        found = self._texts.found_in(value)
                        if found:
                            yield table.path or plain_path(path), f"{table.part}.{column}", found

    def _values(self, table: SqlTable, column: str) -> list[tuple[str, str]]:
        file = "''" if table.path is not None else FILE
        value = f"CAST({identifier(column)} AS VARCHAR)"
        return self._con.execute(
            f"SELECT DISTINCT {file}, {value} FROM {table.source} WHERE {value} IS NOT NULL"
        ).fetchall()


def _plain(text: str) -> str:
    """Full-width and composed signs as plain ones, and what JSON, XML and links write for a sign."""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    if "&" in text:
        text = html.unescape(text)
    if _LINK.search(text):
        text = unquote(text)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _digits(text: str) -> str:
    """The digits of a number; a phone's without the prefix of the country or of the network."""
    digits = "".join(_DIGITS.findall(text))
    return _PREFIX.sub("", digits) if len(digits) <= _PHONE_DIGITS else digits


def _stand_together(text: str, words: Sequence[re.Match[str]]) -> bool:
    return all(_GAP.fullmatch(text, before.end(), after.start()) for before, after in pairwise(words))
