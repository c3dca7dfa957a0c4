"""vCard text cut into cards: physical lines unfolded into content lines, content lines gathered into cards.

Pictures, sounds and keys are passed over line by line, so that a card takes no more memory than its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from warehouse.landing.csv_careful import NUL
from warehouse.landing.lines import whole_lines
from warehouse.landing.model import LandingTable

LONGEST_CARD_CHARACTERS = 1 << 20
NEVER_STORED = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
PROPERTY = re.compile(
    r'(?:(?P<group>[\w-]+)\.)?(?P<name>[A-Za-z][\w-]*)(?P<parameters>(?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):'
)
_BOUNDARY = re.compile(r"\s*(BEGIN|END)\s*:\s*VCARD\s*$", re.IGNORECASE)
_QUOTED_PRINTABLE = re.compile(r"[;=]\s*QUOTED-PRINTABLE\b", re.IGNORECASE)
_BASE64 = re.compile(r";\s*(ENCODING\s*=\s*)?(BASE64|B)\s*(;|$)", re.IGNORECASE)
_VERSION_2 = re.compile(r"VERSION\s*:\s*2", re.IGNORECASE)
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


@dataclass
class _Content:
    """A content line while it is unfolded: what its first line says of those that follow."""

    line: int
    parts: list[str]
    is_binary: bool = False
    is_quoted_printable: bool = False
    size: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def extend(self, text: str) -> None:
        """Take in more of the value, unless it is never stored or the card is too long already."""
        if not self.is_binary and self.size <= LONGEST_CARD_CHARACTERS:
            self.parts.append(text)
            self.size += len(text)


@dataclass
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
        text = content.text
        boundary = _BOUNDARY.match(text)
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
    found = PROPERTY.match(text)
    return found is not None and found["name"].upper() == "AGENT" and not text[found.end() :].strip()


def _numbered(blocks: Iterable[bytes], table: LandingTable) -> Iterator[tuple[int, str]]:
    """Physical lines with their numbers, without line ends."""
    for lines in whole_lines(_newlines(blocks), 1, table):
        for number, text in enumerate(lines.texts.to_pylist(), start=lines.first):
            yield number, text.rstrip("\n")


def _newlines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The text with LF for every line end; a CR at the end of a block waits for what follows."""
    pending = b""
    for block in blocks:
        block = pending + block
        pending = b"\r" if block.endswith(b"\r") else b""
        yield block.removesuffix(pending).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield pending.replace(b"\r", b"\n")


def _contents(lines: Iterable[tuple[int, str]]) -> Iterator[_Content]:
    """Content lines: folded lines, soft line breaks and stray line breaks joined, blank lines left out.

    Version 2.1 folds at a blank that belongs to the text, later versions put one in.
    """
    current: _Content | None = None
    keeps_blank = False
    for number, text in lines:
        is_boundary = _BOUNDARY.match(text) is not None
        if current is not None and not is_boundary and _continues(current, text, keeps_blank):
            continue
        if current is not None:
            yield current
            current = None
        if is_boundary or text.strip():
            current = _begun(number, text)
            keeps_blank = not is_boundary and (keeps_blank or _VERSION_2.match(text) is not None)
    if current is not None:
        yield current


def _begun(number: int, text: str) -> _Content:
    found = PROPERTY.match(text)
    if found is None:
        return _Content(number, [text])
    parameters = found["parameters"]
    if found["name"].upper() in NEVER_STORED or _BASE64.search(parameters):
        return _Content(number, [text[: found.end()]], is_binary=True)
    return _Content(number, [text], is_quoted_printable=_QUOTED_PRINTABLE.search(parameters) is not None)


def _continues(current: _Content, text: str, keeps_blank: bool) -> bool:
    """Whether a physical line belongs to the content line before, which then has taken it in."""
    if current.is_quoted_printable and current.parts[-1].endswith("="):
        current.parts[-1] = current.parts[-1][:-1]
        current.extend(text)
        return True
    if _BOUNDARY.match(current.parts[0]):
        return False
    if text[:1] in (" ", "\t") and text.strip():
        current.extend(text if keeps_blank else text[1:])
        return True
    if text.strip() and PROPERTY.match(text) is None:
        current.extend(text if current.is_quoted_printable else f"\n{text}")
        return True
    return False
