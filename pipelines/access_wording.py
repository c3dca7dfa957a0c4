"""How one company's page speaks of channels, lists, places and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from zoneinfo import ZoneInfo

from pipelines.access_words import FIELDS, PURPOSES, day, head, shown, word
from pipelines.pages.page import label
from warehouse.contracts import Column, Field, InputContract, Table, Text
from warehouse.segments import Segment

SPOKEN = frozenset({"channel", "type", "outcome", "touch", "purchase_method", "payment_method"})
"""Fields of few words, which have no vocabulary of their own."""


@dataclass(frozen=True)
class Wording:
    """The words of a company: its channels, fields, segments, clock and money."""

    channels: Mapping[str, Text]
    inputs: Mapping[str, InputContract]
    tables: Mapping[str, Table]
    segments: Mapping[str, Segment]
    zone: ZoneInfo
    currency: str

    def channel(self, name: str) -> Text:
        """A channel as its contract describes it."""
        return self.channels.get(name) or word(name)

    def list(self, name: str) -> Text:
        """A segment as its file describes it, another list as its contract does."""
        if name in self.segments:
            return self.segments[name].description
        return head(self.tables[name].description) if name in self.tables else word(name)

    def place(self, file: str, line: int, arrived_on: date) -> str:
        """Where a row stands, so that it can be found again, as HTML."""
        on = day(arrived_on)
        said = Text(f"line {line}, came {on.en}", f"baris {line}, tiba {on.id}")
        return f"<small>{escape(file.removeprefix('landing/'))}, {label(said)}</small>"

    def fact(self, field: Field | Column, value: object) -> tuple[Text, str]:
        """What a field is called, and its value as HTML."""
        name = FIELDS.get(field.name) or head(field.description)
        if field.name == "channel" and str(value) in self.channels:
            return name, label(self.channels[str(value)])
        if field.name == "purpose":
            return name, label(word(value, PURPOSES))
        return name, shown(value, self.zone, bool(field.values) or field.name in SPOKEN)


def facts_html(facts: Sequence[tuple[Text, str]]) -> str:
    """Names and values (as HTML) in running text."""
    said = (f'<span class="fact"><i>{label(name)}:</i> {value}</span>' for name, value in facts)
    return f'<div class="facts">{" ".join(said)}</div>'


def paragraphs(sentences: Sequence[Text]) -> str:
    """Sentences below one another."""
    said = "".join(f"<p>{label(sentence)}</p>" for sentence in sentences)
    return f'<div class="said">{said}</div>' if said else ""
