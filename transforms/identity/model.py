"""The pinned identity model: how much each level of agreement weighs, and what was known when it was trained.

Three latent classes of record pairs: one person (m), one household (h), unrelated (u). Weights follow Fellegi
and Sunter, "A theory for record linkage", JASA 64 (1969), pp. 1183-1210.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from transforms.identity.comparisons import COMPARISONS, NAMES, known_mask, unpack

FORMAT = 1
OWN_EVIDENCE = {"birth": 4, "email": 3, "identity": 2, "handle": 1}
"""From which level a comparison tells members of a family apart; a phone or an address never does."""
VETO_BELOW = {"identity": 0.08, "birth": 0.03, "name": 0.10}


@dataclass(frozen=True)
class TermKind:
    """Term frequencies of one kind of value: `shares` of the listed ones, `share` of any other.

    chance = probability that two random records agree; share_once and share_listed bound an unlisted share.
    """

    chance: float
    share: float
    share_once: float
    share_listed: float
    shares: dict[str, float]


@dataclass(frozen=True)
class IdentityModel:
    """The three classes, and what a night needs to weigh and join pairs.

    `m`, `h`, `u`: probability of each level by comparison and class. `pairs_*`: expected pairs of each class
    among all pairs of records. `shares`: the share of matches and of household pairs by what both records
    state (a mask of comparisons); pairs of any other kind go by the common one. `threshold`: bits from which
    a pair is joined. `caps`: the blocking rules in use, each with the largest block it compares.
    """

    m: dict[str, list[float]]
    h: dict[str, list[float]]
    u: dict[str, list[float]]
    pairs_match: float
    pairs_household: float
    pairs_unrelated: float
    shares: dict[str, list[float]]
    threshold: float
    caps: dict[str, int]
    terms: dict[str, TermKind]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def prior_bits(self) -> float:
        """How many bits of evidence even odds need, over all pairs."""
        return float(np.log2(self.pairs_unrelated / self.pairs_match))

    @property
    def fingerprint(self) -> str:
        """A digest of everything that decides a weight."""
        content = {name: value for name, value in self.to_dict().items() if name != "facts"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def bits(self, name: str, level: int) -> float:
        """The weight of a level in bits, log2(m / u); 0 where a side is silent."""
        return 0.0 if level < 0 else float(np.log2(self.m[name][level] / self.u[name][level]))

    def pattern_weights(self, patterns: np.ndarray) -> pa.Table:
        """Per pattern: log-likelihoods of the three classes, prior included (nats), prior, levels and veto.

        A pair is vetoed by different identity numbers, by a birth date or a sex that one person practically
        never shows (sex: with another given name), unless an identity number is the same; and, where people
        practically never change it, by another given name while nothing that a family does not share agrees.
        """
        levels = unpack(patterns)
        column = {name: levels[:, number] for number, name in enumerate(NAMES)}
        against = contradictions(levels)
        rare_births = [n for n in (0, 1) if self.m["birth"][n] < VETO_BELOW["birth"]]
        vetoed = against["sex"] | against["birth"] & np.isin(column["birth"], rare_births)
        if self.m["identity"][0] < VETO_BELOW["identity"]:
            vetoed |= against["identity"]
        if sum(self.m["name"][:3]) < VETO_BELOW["name"]:
            vetoed |= against["name"]
        match, household, unrelated = self._shares(levels)
        return pa.table(
            {
                "pattern": patterns,
                "match_nats": np.log(match) + log_likelihood(self.m, levels),
                "household_nats": np.log(household) + log_likelihood(self.h, levels),
                "unrelated_nats": np.log(unrelated) + log_likelihood(self.u, levels),
                "prior_bits": np.log2(unrelated / match),
                "is_vetoed": vetoed,
                **{f"{name}_level": values for name, values in column.items()},
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As it is stored."""
        content = dict(vars(self)) | {"format": FORMAT}
        content["terms"] = {kind: vars(term) for kind, term in self.terms.items()}
        return content

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> IdentityModel:
        """As it was stored. Raises ValueError when another format made it."""
        if content.get("format") != FORMAT:
            raise ValueError(f"the model has format {content.get('format')}, this version reads {FORMAT}")
        terms = {kind: TermKind(**term) for kind, term in content["terms"].items()}
        plain = {k: v for k, v in content.items() if k not in ("format", "terms")}
        return cls(**plain, terms=terms)

    def _shares(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        everything = self.pairs_match + self.pairs_household + self.pairs_unrelated
        common = [self.pairs_match / everything, self.pairs_household / everything]
        found = np.array([self.shares.get(str(mask), common) for mask in known_mask(levels)]).reshape(-1, 2)
        match, household = found[:, 0], np.maximum(found[:, 1], 1e-18)
        return match, household, 1 - match - household


def contradictions(levels: np.ndarray) -> dict[str, np.ndarray]:
    """Which patterns contradict that both are one person, by what does; a model says which is a veto."""
    column = {name: levels[:, number] for number, name in enumerate(NAMES)}
    other_given = (column["name"] >= 0) & (column["name"] <= 2)
    own = [column[name] >= level for name, level in OWN_EVIDENCE.items()]
    return {
        "identity": column["identity"] == 0,
        "birth": np.isin(column["birth"], [0, 1]) & (column["identity"] != 3),
        "sex": (column["sex"] == 0) & (other_given | (column["name"] == 3)),
        "name": other_given & ~np.logical_or.reduce(own),
    }


def log_likelihood(table: dict[str, Any], levels: np.ndarray) -> np.ndarray:
    """Sum over comparisons of ln P(level); silent comparisons say nothing."""
    total = np.zeros(len(levels))
    for number, comparison in enumerate(COMPARISONS):
        known = levels[:, number] >= 0
        total[known] += np.log(np.asarray(table[comparison.name]))[levels[known, number]]
    return total


def figures(model: IdentityModel) -> pa.Table:
    """`identity_figures` (metric, item, value): weights in bits, expected pairs, threshold, audit.

    The prior of pairs that can be compared goes by the names of the comparisons, that of all pairs by none.
    """
    rows = [("threshold_bits", "", model.threshold), ("prior_bits", "", model.prior_bits)]
    rows += [
        ("level_bits", f"{c.name} {n}", model.bits(c.name, n))
        for c in COMPARISONS
        for n in range(len(c.levels))
    ]
    rows += [
        ("prior_bits", _stated(int(mask)), float(np.log2((1 - match - household) / match)))
        for mask, (match, household) in model.shares.items()
        if int(mask)
    ]
    rows += [
        (f"expected_{kind}", "", float(model.facts[f"expected_{kind}"]))
        for kind in ("matches", "household_pairs")
        if f"expected_{kind}" in model.facts
    ]
    audit = model.facts.get("audit", {})
    for bits, (precision, f1) in audit.items():
        rows += [("audit_precision", bits, precision), ("audit_f1", bits, f1)]
    if chosen := audit.get(f"{model.threshold:g}"):
        rows += [("estimated_precision", "", chosen[0]), ("estimated_f1", "", chosen[1])]
    return pa.table(
        {
            "metric": pa.array([row[0] for row in rows], pa.string()),
            "item": pa.array([row[1] for row in rows], pa.string()),
            "value": pa.array([row[2] for row in rows], pa.float64()),
        }
    )


def _stated(mask: int) -> str:
    return " ".join(name for number, name in enumerate(NAMES) if mask >> number & 1)
