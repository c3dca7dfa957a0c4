"""vCard text cut into cards: physical lines unfolded into content lines, content lines gathered into cards.

Pictures, sounds and keys are passed over line by line, so that a card takes no more memory than its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from warehouse.landing.csv_careful import NUL
from warehouse.landing.lines import whole_lines
from warehouse.landing.model import LandingTable

LONGEST_CARD_CHARACTERS = 1 << 20
NEVER_STORED = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
PROPERTY = re.compile(
    r'(?:(?P<group>[\w-]+)\.)?(?P<name>[A-Za-z][\w-]*)(?P<parameters>(?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):'
)
ANY_CARD = re.compile(rb"^\s*BEGIN\s*:\s*VCARD\b", re.IGNORECASE | re.MULTILINE)
"""The beginning of a card anywhere in a file."""
_BOUNDARY = re.compile(r"\s*(BEGIN|END)\s*:\s*VCARD\s*$", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(r"[;=]\s*QUOTED-PRINTABLE\b", re.IGNORECASE)
_BASE64 = re.compile(r";\s*(ENCODING\s*=\s*)?(BASE64|B)\s*(;|$)", re.IGNORECASE)
_VERSION_2 = re.compile(r"VERSION\s*:\s*2", re.IGNORECASE)
_HEADS_KEPT, _LONGEST_HEAD_KEPT = 4096, 200
_NOT_CLOSED = (
    "card_not_closed",
    "the card is not closed by END:VCARD",
    "export the contacts again, or close the card",
)
_TOO_LONG = (
    "card_too_long",
    f"the card is longer than {LONGEST_CARD_CHARACTERS >> 20} MB without its pictures",
    "check its END:VCARD and its notes",
)
_OUTSIDE = (
    "card_text_outside",
    "text stands between cards",
    "write each contact between BEGIN:VCARD and END:VCARD",
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a value: the same few heads begin the lines of every card, so they are read once.

    `end` is where the value begins; 0 where the line is no property. `may_bound`: a card may begin or end.
    """

    name: str = ""
    group: str = ""
    parameters: str = ""
    end: int = 0
    is_binary: bool = False
    is_quoted_printable: bool = False
    may_bound: bool = False


_NO_HEAD = Head()


def head_of(text: str) -> Head:
    """The head of a line. Where no quote stands before the first colon, nothing after it changes the head."""
    colon = text.find(":")
    if colon < 0:
        return _NO_HEAD
    head = text[: colon + 1]
    if '"' in head or colon > _LONGEST_HEAD_KEPT:
        return _read_head(text)
    return _kept_head(head)


def _read_head(text: str) -> Head:
    may_bound = _BOUNDARY.match(f"{text.partition(':')[0]}:VCARD") is not None
    found = PROPERTY.match(text)
    if found is None:
        return Head(may_bound=may_bound)
    name, parameters = found["name"].upper(), found["parameters"]
    return Head(
        name,
        found["group"] or "",
        parameters,
        found.end(),
        name in NEVER_STORED or _BASE64.search(parameters) is not None,
        _QUOTED_PRINTABLE.search(parameters) is not None,
        may_bound,
    )


_kept_head = lru_cache(_HEADS_KEPT)(_read_head)


@dataclass(slots=True)
class _Content:
    """A content line while it is unfolded: what its first line says of those that follow."""

    line: int
    parts: list[str]
    is_boundary: bool = False
    is_binary: bool = False
    is_quoted_printable: bool = False
    is_whole: bool = False
    size: int = 0

    def extend(self, text: str) -> None:
        """Take in more of the value, unless it is never stored or the card is too long already."""
        if self.is_whole or (not self.is_binary and self.size <= LONGEST_CARD_CHARACTERS):
            self.parts.append(text)
            self.size += len(text)


@dataclass(slots=True)
class Card:
    """One card: the line of its BEGIN:VCARD and its content lines, unfolded."""

    line: int
    contents: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        """Take in a content line; beyond the limit only its length."""
        self.size += len(text)
        if self.size <= LONGEST_CARD_CHARACTERS:
            self.contents.append(text)


def cards(blocks: Iterable[bytes], table: LandingTable) -> Iterator[Card]:
    """Every whole card of UTF-8 blocks; what is no whole card is rejected. A card within another (AGENT) is
    another person's and is passed over."""
    card: Card | None = None
    depth, is_stray, last = 0, False, ""
    for content in _contents(_numbered(blocks, table)):
        parts = content.parts
        is_one = len(parts) == 1
        text = parts[0] if is_one else "".join(parts)
        boundary = _BOUNDARY.match(text) if content.is_boundary or not is_one else None
        if boundary is None:
            if card is None:
                if not is_stray:
                    table.reject(content.line, *_OUTSIDE, text)
                is_stray = True
            elif not depth:
                card.add(text)
        elif boundary[1].upper() == "BEGIN":
            is_stray = False
            if card is not None and _is_agent(last):
                depth += 1
            else:
                _reject(card, _NOT_CLOSED, table)
                card, depth = Card(content.line), 0
        elif depth:
            depth -= 1
        else:
            if card is not None and _is_whole(card, table):
                yield card
            card = None
        last = text
    _reject(card, _NOT_CLOSED, table)


def begins_card(content: str) -> bool:
    """Whether a content line is the first of a card."""
    boundary = _BOUNDARY.match(content)
    return boundary is not None and boundary[1].upper() == "BEGIN"


def content_lines(blocks: Iterable[bytes], table: LandingTable) -> Iterator[str]:
    """Every content line, unfolded, whatever its length and whether it is stored or not."""
    for content in _contents(_numbered(blocks, table), is_whole=True):
        yield "".join(content.parts)


def _is_whole(card: Card, table: LandingTable) -> bool:
    if card.size > LONGEST_CARD_CHARACTERS:
        return _reject(card, _TOO_LONG, table)
    if any("\0" in text for text in card.contents):
        return _reject(card, NUL, table)
    return True


def _reject(card: Card | None, why: tuple[str, str, str], table: LandingTable) -> bool:
    if card is not None:
        table.reject(card.line, *why, "\n".join(card.contents))
    return False


def _is_agent(text: str) -> bool:
    head = head_of(text)
    return head.name == "AGENT" and not text[head.end :].strip()


def _numbered(blocks: Iterable[bytes], table: LandingTable) -> Iterator[tuple[int, list[str]]]:
    """Physical lines without line ends, many at a time, each time with the number of the first."""
    for lines in whole_lines(_newlines(blocks), 1, table):
        text = lines.texts.buffers()[2].to_pybytes().decode()
        yield lines.first, text.removesuffix("\n").split("\n")


def _newlines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The text with LF for every line end; a CR at the end of a block waits for what follows."""
    pending = b""
    for block in blocks:
        block = pending + block
        pending = b"\r" if block.endswith(b"\r") else b""
        yield block.removesuffix(pending).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield pending.replace(b"\r", b"\n")


def _contents(lines: Iterable[tuple[int, list[str]]], is_whole: bool = False) -> Iterator[_Content]:
    """Content lines: folded lines, soft line breaks and stray line breaks joined, blank lines left out.

    Version 2.1 folds at a blank that belongs to the text, later versions put one in.
    """
    current: _Content | None = None
    keeps_blank = False
    for first, texts in lines:
        for number, text in enumerate(texts, start=first):
            head = head_of(text)
            is_boundary = head.may_bound and _BOUNDARY.match(text) is not None
            if current is not None:
                waits = current.is_quoted_printable or not head.end or text[0] in " \t"
                if waits and not is_boundary and _continues(current, text, head, keeps_blank):
                    continue
                yield current
                current = None
            if is_boundary:
                current, keeps_blank = _Content(number, [text], True), False
            elif head.end or text.strip():
                current = _begun(number, text, head, is_whole)
                keeps_blank = keeps_blank or (text[0] in "Vv" and _VERSION_2.match(text) is not None)
    if current is not None:
        yield current


def _begun(number: int, text: str, head: Head, is_whole: bool) -> _Content:
    if head.is_binary and not is_whole:
        return _Content(number, [text[: head.end]], is_binary=True)
    return _Content(number, [text], is_quoted_printable=head.is_quoted_printable, is_whole=is_whole)


def _continues(current: _Content, text: str, head: Head, keeps_blank: bool) -> bool:
    """Whether a physical line belongs to the content line before, which then has taken it in."""
    if current.is_quoted_printable and current.parts[-1].endswith("="):
        current.parts[-1] = current.parts[-1][:-1]
        current.extend(text)
        return True
    if current.is_boundary:
        return False
    if text[:1] in (" ", "\t") and text.strip():
        current.extend(text if keeps_blank else text[1:])
        return True
    if not head.end and text.strip():
        current.extend(text if current.is_quoted_printable else f"\n{text}")
        return True
    return False
