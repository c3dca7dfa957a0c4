"""Training without labels: EM over patterns of agreement, the blocking rules that pay, the threshold.

Every pair of records is in one of three classes. Those that blocking does not propose are unrelated, so the
likelihood is that of all pairs, and only the few thousand patterns of proposed pairs need to be looked at
(Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter model", ASA 1988).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.identity.blocking import RULES
from transforms.identity.comparisons import COMPARISONS, NAMES, known_mask, unpack
from transforms.identity.model import log_likelihood
from transforms.identity.shares import (
    REFERENCE_RECORDS,
    KnownPairs,
    Shares,
    pairs_among,
)

MAX_ROUNDS = 300
TOLERANCE = 1e-7
PRIOR_SHARE, PRIOR_PAIRS = 0.03, 40.0
FEW_PAIRS = 500
LEAST_CHANCE = 0.002
LEAST_YIELD = 0.01
THRESHOLDS = (0.0, 1.0, 2.0, 3.2, 4.2)
TOLERATED_LOSS = 0.002

Probabilities = dict[str, np.ndarray]


@dataclass(frozen=True)
class Patterns:
    """Counted patterns of pairs: `counts[i]` pairs show `patterns[i]`."""

    patterns: np.ndarray
    counts: np.ndarray

    @property
    def levels(self) -> np.ndarray:
        return unpack(self.patterns)


@dataclass(frozen=True)
class Mixture:
    """What EM found: how often each level shows among pairs of each class, and the shares of the classes."""

    m: Probabilities
    h: Probabilities
    u: Probabilities
    shares: Shares
    log_likelihood: float
    rounds: int
    bic: float

    def posterior(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """P(match), P(household) and ln of the expected number of pairs, per pattern."""
        pairs, match_share, household_share = self.shares.of(known_mask(levels))
        with np.errstate(divide="ignore"):
            match = np.log(pairs * match_share) + log_likelihood(self.m, levels)
            household = np.log(pairs * household_share) + log_likelihood(self.h, levels)
        unrelated = np.log(pairs * (1 - match_share - household_share)) + log_likelihood(self.u, levels)
        total = np.logaddexp(np.logaddexp(match, unrelated), household)
        return np.exp(match - total), np.exp(household - total), total


def fit_mixture(
    proposed: Patterns, random: Patterns, known: KnownPairs, exact: dict[tuple[str, int], float]
) -> Mixture:
    """The better of two and three classes by BIC; three where there are too few pairs to tell.

    proposed: patterns of candidate pairs; random: of random pairs; known: all pairs by what both sides state;
    exact[comparison, level]: number of pairs of records that agree there, counted from value frequencies.
    """
    scale = known.total / max(float(np.sum(random.counts)), 1.0)
    every = _pairs_at_level(proposed, random, scale, exact)
    unlikely = _first_guess_of_unrelated(every, random, scale)
    fits = [
        _expectation_maximisation(proposed, every, unlikely, known, households)
        for households in (False, True)
    ]
    if proposed.counts.sum() < FEW_PAIRS:
        return fits[1]
    return min(fits, key=lambda fit: fit.bic)


def paying_rules(
    mixture: Mixture, patterns: np.ndarray, rules: np.ndarray, counts: np.ndarray
) -> tuple[str, ...]:
    """The blocking rules worth their pairs: the always-used ones, and those that alone find enough matches.

    patterns, rules (bits), counts describe the candidate pairs. The rule with the lowest yield (expected
    matches among the pairs no other rule proposes) goes first, until each optional rule yields one match in a
    hundred.
    """
    expected = mixture.posterior(unpack(patterns))[0] * counts
    kept = {rule.number: rule for rule in RULES}
    left = rules.copy()
    while True:
        yields = []
        for rule in kept.values():
            if not rule.is_always:
                alone = left == np.int64(1) << np.int64(rule.number)
                pairs = counts[alone].sum()
                yields.append((expected[alone].sum() / pairs if pairs else 0.0, -pairs, rule.number))
        worst = min(yields, default=None)
        if worst is None or worst[0] >= LEAST_YIELD:
            return tuple(rule.name for rule in kept.values())
        del kept[worst[2]]
        left = left & ~(np.int64(1) << np.int64(worst[2]))


def choose_threshold(audit: Callable[[float], tuple[float, float]]) -> tuple[float, dict[str, list[float]]]:
    """The threshold by closure audit, and what was found at each.

    audit(bits) clusters at a threshold and gives the estimated precision of all pairs the clusters imply (the
    mean posterior) and their estimated F1. The highest threshold within a small loss of the best F1 is taken:
    where F1 hardly differs, precision is what a wrongly merged customer costs.
    """
    found = {bits: audit(bits) for bits in THRESHOLDS}
    best = max(f1 for _, f1 in found.values())
    chosen = max(bits for bits, (_, f1) in found.items() if f1 >= best - TOLERATED_LOSS)
    return chosen, {f"{bits:g}": [round(x, 4) for x in result] for bits, result in found.items()}


def level_counts(levels: np.ndarray, weights: np.ndarray, telling: np.ndarray | None = None) -> Probabilities:
    """Weighted number of pairs at each level of each comparison, of those that tell if that is given."""
    found = {}
    for number, comparison in enumerate(COMPARISONS):
        known = levels[:, number] >= 0
        if telling is not None:
            known &= telling[:, number]
        found[comparison.name] = np.bincount(
            levels[known, number], weights[known], minlength=len(comparison.levels)
        )
    return found


def _pairs_at_level(
    proposed: Patterns, random: Patterns, scale: float, exact: dict[tuple[str, int], float]
) -> Probabilities:
    """How many of all pairs of records are at each level.

    Exact where blocking or frequencies tell, else scaled from the random pairs (one pair more, so that never
    seen does not mean impossible); and the reference records' pairs.
    """
    by_block = level_counts(proposed.levels, proposed.counts)
    by_chance = level_counts(random.levels, random.counts)
    found = {}
    for comparison in COMPARISONS:
        name = comparison.name
        values = np.maximum(by_block[name], (by_chance[name] + 1) * scale)
        for number, level in enumerate(comparison.levels):
            if level.is_found:
                values[number] = by_block[name][number]
            if (name, number) in exact:
                values[number] = exact[name, number]
        believed = np.array([level.u for level in comparison.levels])
        found[name] = np.maximum(values, 0.5) + pairs_among(REFERENCE_RECORDS) * believed
    return found


def _first_guess_of_unrelated(every: Probabilities, random: Patterns, scale: float) -> Probabilities:
    """Chances that unrelated people agree, before matches are told apart from them.

    Pairs that agree on an identifier are nearly all matches; random pairs hold a few of those, which must not
    count as chance.
    """
    by_chance = level_counts(random.levels, random.counts)
    found = {}
    for comparison in COMPARISONS:
        values = np.maximum(by_chance[comparison.name] * scale, 0.003 * every[comparison.name])
        if comparison.is_identifier:
            values[1:] = 0.003 * every[comparison.name][1:]
        found[comparison.name] = values / values.sum()
    return found


def telling_patterns(levels: np.ndarray) -> np.ndarray:
    """Which comparisons of a pattern (rows) tell how often related pairs agree on them.

    Pairs that agree on an identifier alone were proposed because they do: related pairs that do not are never
    seen. Only those that something else leads to as well show how often related pairs share it.
    """
    leads = np.zeros(levels.shape, dtype=bool)
    for number, comparison in enumerate(COMPARISONS):
        found = [n for n, level in enumerate(comparison.levels) if level.is_found]
        leads[:, number] = np.isin(levels[:, number], found)
        if comparison.name == "name":
            leads[:, number] = levels[:, number] > 0
    others = leads.sum(axis=1)[:, None] - leads
    is_identifier = np.array([comparison.is_identifier for comparison in COMPARISONS])
    telling: np.ndarray = (others > 0) | ~is_identifier
    return telling


def _expectation_maximisation(
    proposed: Patterns, every: Probabilities, unlikely: Probabilities, known: KnownPairs, households: bool
) -> Mixture:
    levels, counts = proposed.levels, proposed.counts.astype(float)
    masks, telling = known_mask(levels), telling_patterns(levels)
    start_m = {c.name: np.array([level.m for level in c.levels]) for c in COMPARISONS}
    start_h = {c.name: np.array([level.h for level in c.levels]) for c in COMPARISONS}
    m, h, u = dict(start_m), dict(start_h), dict(unlikely)
    shares = Shares.believed(known, households)
    before = -np.inf
    for round_no in range(1, MAX_ROUNDS + 1):
        mixture = Mixture(m, h, u, shares, 0.0, round_no, 0.0)
        match, household, total = mixture.posterior(levels)
        reached = float((counts * (total - np.log(known.total))).sum())
        related = level_counts(levels, counts * (match + household))
        told_m = level_counts(levels, counts * match, telling)
        told_h = level_counts(levels, counts * household, telling)
        shares = shares.learned(masks, counts * match, counts * household)
        m = {name: _smoothed(told_m[name], start_m[name]) for name in NAMES}
        h = {name: _smoothed(told_h[name], start_h[name]) for name in NAMES}
        u = {name: _remaining(every[name], related[name]) for name in NAMES}
        if abs(reached - before) < TOLERANCE * abs(reached):
            break
        before = reached
    free = sum(len(c.levels) - 1 for c in COMPARISONS) + 1
    bic = -2 * reached + free * (2 if households else 1) * float(np.log(max(counts.sum(), 2.0)))
    return Mixture(m, h, u, shares, reached, round_no, bic)


def _smoothed(counts: np.ndarray, expected: np.ndarray) -> np.ndarray:
    weight = PRIOR_SHARE * max(counts.sum(), 1.0) + PRIOR_PAIRS
    values: np.ndarray = (counts + weight * expected) / (counts.sum() + weight)
    return values


def _remaining(every: np.ndarray, related: np.ndarray) -> np.ndarray:
    values = np.maximum(every - related, np.maximum(0.5, LEAST_CHANCE * every))
    remaining: np.ndarray = values / values.sum()
    return remaining


def random_steps(records: int, pairs: int) -> Sequence[int]:
    """Distances between record numbers that give about `pairs` pairs, spread over the whole range."""
    most = (records - 1) // 2
    wanted = max(1, min(most, pairs // max(records, 1)))
    if most < 1:
        return [1]
    return range(1, most + 1) if wanted >= most else sorted({1 + n * 7919 % most for n in range(wanted)})
