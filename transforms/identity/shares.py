"""Which share of pairs is one person, and one household, by what both records state.

Records that state an e-mail come from channels whose people come back; records with a bare name hardly do.
One share for all pairs would make silence look like chance, and learn from it that strangers share an e-mail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.identity.comparisons import NAMES

# What is believed beforehand counts as much as this many records would: it decides for a stall with fifty
# customers, and is not noticed among thousands.
REFERENCE_RECORDS = 200
MATCHES_PER_RECORD, HOUSEHOLD_PAIRS_PER_RECORD = 0.3, 0.1
BELIEVED_MATCHES = MATCHES_PER_RECORD * REFERENCE_RECORDS
BELIEVED_HOUSEHOLD_PAIRS = HOUSEHOLD_PAIRS_PER_RECORD * REFERENCE_RECORDS
# How many more matches at the common share each kind of pair is credited with: rare kinds stay near it.
STEADY_PAIRS = 20.0
MOST_SHARE = 0.3

STATED = (
    *((name, name) for name in NAMES if name not in ("identity", "place")),
    ("identity", "nik"), ("identity", "national_id"), ("identity", "member_id"),
    ("place", "address"), ("place", "postcode"), ("place", "city"),
)  # fmt: skip
"""What a record may state, as (comparison, field): the bits of a profile, lowest first. Two records are
compared where both state the same field."""


@dataclass(frozen=True)
class KnownPairs:
    """How many of all pairs can be compared on which fields: `pairs[i]` at the mask `masks[i]` (sorted)."""

    masks: np.ndarray
    pairs: np.ndarray

    @property
    def total(self) -> float:
        """All pairs of records; one at least."""
        return max(float(self.pairs.sum()), 1.0)


def pairs_among(records: int) -> float:
    """Pairs of so many records; one at least."""
    return max(records * (records - 1) / 2, 1.0)


def known_pairs(profiles: np.ndarray, counts: np.ndarray) -> KnownPairs:
    """All pairs of records by the comparisons both sides can answer.

    profiles: bits of STATED, distinct; counts: how many records state exactly that.
    """
    both = profiles[:, None] & profiles[None, :]
    masks = np.zeros(both.shape, dtype=np.int64)
    for bit, (name, _) in enumerate(STATED):
        masks |= ((both >> bit) & 1) << NAMES.index(name)
    pairs = counts[:, None].astype(float) * counts[None, :]
    np.fill_diagonal(pairs, counts * (counts - 1.0))
    distinct, at = np.unique(masks, return_inverse=True)
    counted = np.bincount(at.ravel(), pairs.ravel(), minlength=len(distinct)) / 2
    return KnownPairs(distinct[counted > 0], counted[counted > 0])


@dataclass(frozen=True)
class Shares:
    """The share of matches and of household pairs among all pairs at each mask of `known`."""

    known: KnownPairs
    match: np.ndarray
    household: np.ndarray
    has_households: bool

    @classmethod
    def believed(cls, known: KnownPairs, has_households: bool) -> Shares:
        """What is believed before any pair was looked at: the same share everywhere."""
        records = float(np.sqrt(2 * known.total))
        full = np.ones(len(known.masks))
        return cls(
            known,
            full * min(MATCHES_PER_RECORD * records / known.total, MOST_SHARE),
            full * min(HOUSEHOLD_PAIRS_PER_RECORD * records / known.total, MOST_SHARE) * has_households,
            has_households,
        )

    def of(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All pairs, share of matches and share of household pairs, for each of these masks."""
        at = np.searchsorted(self.known.masks, masks)
        return self.known.pairs[at], self.match[at], self.household[at]

    def learned(self, masks: np.ndarray, match: np.ndarray, household: np.ndarray) -> Shares:
        """The shares after so many expected matches and household pairs were found at each of these masks."""
        at = np.searchsorted(self.known.masks, masks)
        by_mask = np.bincount(at, match, minlength=len(self.known.masks))
        matches = match.sum() + BELIEVED_MATCHES
        common = matches / (self.known.total + pairs_among(REFERENCE_RECORDS))
        of_match = np.minimum(
            (by_mask + STEADY_PAIRS) / (self.known.pairs + STEADY_PAIRS / common), MOST_SHARE
        )
        ratio = (household.sum() + BELIEVED_HOUSEHOLD_PAIRS) / matches * self.has_households
        return Shares(self.known, of_match, of_match * min(ratio, 1.0), self.has_households)

    @property
    def pairs(self) -> tuple[float, float]:
        """Expected numbers of matches and of household pairs, those believed beforehand included."""
        pairs = self.known.pairs
        return (
            float(pairs @ self.match) + BELIEVED_MATCHES,
            float(pairs @ self.household) + BELIEVED_HOUSEHOLD_PAIRS * self.has_households,
        )
