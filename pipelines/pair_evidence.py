"""Two records side by side: what each comparison says, how much it weighs, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pyarrow.csv as pacsv

from assets.day import SEEDS, TRANSFORMS
from assets.few_records import EVERY_PHONE
from transforms.identity.evidence import (
    CONTRADICTIONS,
    Reading,
    Scale,
    chance,
    contradicted,
    household_bits,
    readings,
    strength,
)
from warehouse.contracts import Text

STEWARD_SAME, STEWARD_DIFFERENT = "steward_same", "steward_different"
Values = Mapping[str, Mapping[str, list[str]]]
"""Record key → attribute → what the record states, the best first."""

_SHOWN = {
    "name": ("full_name",),
    "birth": ("birth_date",),
    "phone": ("phone", "whatsapp", "landline", EVERY_PHONE),
    "email": ("email",),
    "identity": ("nik", "national_id", "member_id"),
    "place": ("address", "postcode", "city"),
    "sex": ("sex",),
    "occupation": ("occupation",),
    "handle": ("social_handle",),
    "household": ("household_key",),
}
_PLACE = {6: "address", 5: "address", 4: "postcode", 3: "city", 2: "postcode", 1: "city"}
_BELOW = Text(
    "too little evidence: {weight:+.1f} bits, {threshold:+.1f} are needed",
    "bukti kurang: {weight:+.1f} bit, diperlukan {threshold:+.1f}",
)
_VETOED = Text("kept apart: {why}", "dipisahkan: {why}")
_BESIDES = Text("{below}; besides, {why}", "{below}; selain itu {why}")
_OUTVOTED = Text(
    "these two alone would be joined, but other records of the two customers speak against it",
    "keduanya saja akan digabung, tetapi catatan lain kedua pelanggan menentangnya",
)
_TIED = Text("joined", "digabung")
_THROUGH = Text(
    "joined through other records; these two alone have {weight:+.1f} bits of {threshold:+.1f} needed",
    "digabung lewat catatan lain; keduanya saja hanya {weight:+.1f} dari {threshold:+.1f} bit",
)
_OVERRULED = Text("a steward's word goes before this evidence", "keputusan petugas mendahului bukti ini")
_SAID_SAME = Text("joined: a steward said so", "digabung: keputusan petugas")
_SAID_DIFFERENT = Text("kept apart: a steward said so", "dipisahkan: keputusan petugas")


@dataclass(frozen=True)
class Line:
    """One comparison in words, with the values it is about: those both state, or what each states."""

    comparison: str
    level: int
    words: Text
    values: list[str]
    is_shared: bool
    bits: float
    strength: Text


@dataclass(frozen=True)
class Pair:
    """Two records and the evidence between them, in bits; `start_bits` is where every pair begins."""

    record_a: str
    record_b: str
    rule: str
    rule_words: Text
    weight: float
    threshold: float
    probability: float
    chance: Text
    is_used: bool
    is_vetoed: bool
    evidence: list[Line]
    rarity_bits: float
    start_bits: float
    household_bits: float
    contradictions: list[Text]
    verdict: Text

    @property
    def is_decided(self) -> bool:
        """Whether a steward's word stands for evidence."""
        return self.rule in (STEWARD_SAME, STEWARD_DIFFERENT)


def pair_of(edge: Mapping[str, Any], scale: Scale, values: Values, is_one_customer: bool) -> Pair:
    """A row of `match_edges` in words. `is_one_customer` says whether both records are one customer today."""
    said = readings(edge["pattern"], scale)
    weight, rarity = float(edge["weight"]), float(edge["term_bits"])
    is_decided = edge["rule"] in (STEWARD_SAME, STEWARD_DIFFERENT)
    against = [CONTRADICTIONS[name] for name in contradicted(edge["pattern"])]
    return Pair(
        record_a=edge["record_a"],
        record_b=edge["record_b"],
        rule=edge["rule"],
        rule_words=rule_words(edge["rule"]),
        weight=weight,
        threshold=scale.threshold,
        probability=float(edge["probability"]),
        chance=chance(float(edge["probability"])),
        is_used=edge["is_used"],
        is_vetoed=edge["is_vetoed"],
        evidence=[] if is_decided else [_line(r, values, edge["record_a"], edge["record_b"]) for r in said],
        rarity_bits=rarity,
        start_bits=0.0 if is_decided else -scale.prior_bits(said),
        household_bits=0.0 if is_decided else household_bits(weight, rarity, said, scale),
        contradictions=against,
        verdict=_verdict(edge, against, scale.threshold, is_one_customer),
    )


def overruled(pair: Pair) -> Pair:
    """The evidence between two records a steward has decided upon."""
    return replace(pair, is_used=False, verdict=_OVERRULED)


@cache
def all_rule_words() -> dict[str, Text]:
    """Every kind of evidence in words, by the rule's name."""
    rows = pacsv.read_csv(TRANSFORMS / SEEDS["match_rules"]).to_pylist()
    return {row["rule"]: Text(row["en"], row["id"]) for row in rows}


def rule_words(rule: str) -> Text:
    """The strongest kind of evidence in words."""
    return all_rule_words()[rule]


def in_brackets(text: Text, **values: object) -> Text:
    """The same words in both languages with values put in; a Text is put in each in its language."""

    def filled(language: str) -> str:
        own = {k: getattr(v, language) if isinstance(v, Text) else v for k, v in values.items()}
        return str(getattr(text, language)).format(**own)

    return Text(filled("en"), filled("id"))


def _verdict(edge: Mapping[str, Any], against: list[Text], threshold: float, is_one: bool) -> Text:
    weight = float(edge["weight"])
    if edge["rule"] in (STEWARD_SAME, STEWARD_DIFFERENT):
        return _SAID_SAME if edge["rule"] == STEWARD_SAME else _SAID_DIFFERENT
    if edge["is_used"]:
        return _TIED
    if is_one:
        return in_brackets(_THROUGH, weight=weight, threshold=threshold)
    why = Text(", ".join(a.en for a in against), ", ".join(a.id for a in against))
    if weight < threshold:
        below = in_brackets(_BELOW, weight=weight, threshold=threshold)
        return in_brackets(_BESIDES, below=below, why=why) if edge["is_vetoed"] else below
    return in_brackets(_VETOED, why=why) if edge["is_vetoed"] else _OUTVOTED


def _line(reading: Reading, values: Values, a: str, b: str) -> Line:
    shown, is_shared = _values_shown(reading, values.get(a, {}), values.get(b, {}))
    return Line(
        reading.comparison,
        reading.level,
        reading.words,
        shown,
        is_shared,
        round(reading.bits, 1),
        strength(reading.bits),
    )


def _values_shown(
    reading: Reading, one: Mapping[str, list[str]], other: Mapping[str, list[str]]
) -> tuple[list[str], bool]:
    """The value both state (of phones all they share), else what each states; none where one states it in
    another way, such as a birth date within an identity number."""
    names = _SHOWN[reading.comparison]
    if reading.comparison == "place" and reading.level in _PLACE:
        names = (_PLACE[reading.level],)
    first = [value for name in names for value in one.get(name, [])]
    second = [value for name in names for value in other.get(name, [])]
    shared = [value for value in dict.fromkeys(first) if value in second]
    if shared:
        return (shared if reading.comparison == "phone" else shared[:1]), True
    for name in names:
        if one.get(name) and other.get(name):
            return [one[name][0], other[name][0]], False
    return ([*first[:1], *second[:1]] if first and second else []), False
