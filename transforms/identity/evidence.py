"""The evidence between two records in words: what each level says, how strongly, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from transforms.identity.comparisons import COMPARISONS, NAMES, comparison, unpack
from transforms.identity.model import IdentityModel, contradictions, figures
from warehouse.contracts import Text

STRONG_BITS, SOME_BITS, SLIGHT_BITS = 5.0, 2.0, 0.5
"""From 32, 4 and 1.4 times as likely for one person as for two strangers."""
CONTRADICTIONS = {
    "identity": Text(
        "each has an identity number of their own", "masing-masing punya nomor identitas sendiri"
    ),
    "birth": Text("they were born years apart", "tahun lahirnya terpaut jauh"),
    "sex": Text("a woman and a man whose names differ", "perempuan dan laki-laki yang namanya lain"),
    "name": Text(
        "the names differ and nothing agrees but what a family may share",
        "namanya lain dan yang cocok hanyalah yang bisa dipakai sekeluarga",
    ),
}
_CHANCES = (
    (0.999, Text("practically certain", "hampir pasti")),
    (0.95, Text("very likely", "sangat mungkin")),
    (0.75, Text("likely", "mungkin")),
    (0.25, Text("could be", "bisa jadi")),
    (0.0, Text("unlikely", "kecil kemungkinannya")),
)


@dataclass(frozen=True)
class Scale:
    """What a model's levels weigh, in bits by (comparison, level), and the threshold.

    `priors`: bits that even odds need, by the comparisons both records speak on (`""` for any others).
    """

    level_bits: Mapping[tuple[str, int], float]
    priors: Mapping[str, float]
    threshold: float

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Scale:
        """From the figures of `match_quality` (metric, item, value)."""
        levels: dict[tuple[str, int], float] = {}
        priors: dict[str, float] = {}
        threshold = 0.0
        for row in rows:
            if row["metric"] == "level_bits":
                name, _, level = row["item"].rpartition(" ")
                levels[name, int(level)] = row["value"]
            elif row["metric"] == "prior_bits":
                priors[row["item"]] = row["value"]
            elif row["metric"] == "threshold_bits":
                threshold = row["value"]
        return cls(levels, priors, threshold)

    @classmethod
    def of_model(cls, model: IdentityModel) -> Scale:
        """From a model itself."""
        return cls.of(figures(model).to_pylist())

    def prior_bits(self, said: Iterable[Reading]) -> float:
        """The bits that even odds need among pairs that state as much as this one does."""
        stated = {reading.comparison for reading in said}
        return self.priors.get(" ".join(name for name in NAMES if name in stated), self.priors[""])


@dataclass(frozen=True)
class Reading:
    """What one comparison of two records says, in bits for (positive) or against one person."""

    comparison: str
    level: int
    words: Text
    bits: float


def readings(pattern: int, scale: Scale) -> list[Reading]:
    """What every comparison says where both sides speak, the weightiest first."""
    levels = unpack(np.array([pattern]))[0]
    found = [
        Reading(c.name, int(level), level_words(c.name, int(level)), scale.level_bits[c.name, int(level)])
        for c, level in zip(COMPARISONS, levels, strict=True)
        if level >= 0
    ]
    return sorted(found, key=lambda reading: -abs(reading.bits))


def household_bits(weight: float, term_bits: float, said: Sequence[Reading], scale: Scale) -> float:
    """By how much a pair counts for less because two people of one household would agree like that, too."""
    against_strangers = sum(reading.bits for reading in said) + term_bits - scale.prior_bits(said)
    return min(weight - against_strangers, 0.0)


def contradicted(pattern: int) -> list[str]:
    """What contradicts that both are one person: names of CONTRADICTIONS."""
    found = contradictions(unpack(np.array([pattern])))
    return [name for name, holds in found.items() if holds[0]]


def level_words(name: str, level: int) -> Text:
    """What a level of a comparison says."""
    chosen = comparison(name).levels[level]
    return Text(chosen.en, chosen.id)


def strength(bits: float) -> Text:
    """Bits in words: `strong evidence for`, `slight evidence against`."""
    size = abs(bits)
    if size < SLIGHT_BITS:
        return Text("says little", "hampir tidak berarti")
    side = Text("for", "mendukung") if bits > 0 else Text("against", "menentang")
    if size >= STRONG_BITS:
        return Text(f"strong evidence {side.en}", f"bukti kuat {side.id}")
    if size >= SOME_BITS:
        return Text(f"some evidence {side.en}", f"bukti sedang {side.id}")
    return Text(f"slight evidence {side.en}", f"bukti lemah {side.id}")


def chance(probability: float) -> Text:
    """A probability in words."""
    return next(words for least, words in _CHANCES if probability >= least)
