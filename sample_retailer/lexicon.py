"""Invented people need names: one vocabulary, drawn from by group, sex and position.

Common words come first and are drawn most often (Zipf-like). Composed words (prefix + ending) give the long
tail that real Indonesian names have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_retailer.namelists import CLANS, COMPOSED, GIVEN, SECOND

GROUPS = ("javanese", "sundanese", "batak", "balinese", "chinese", "arabic", "minang", "eastern")
JAVANESE, SUNDANESE, BATAK, BALINESE, CHINESE, ARABIC, MINANG, EASTERN = range(8)
MUHAMMAD = (
    "Muhammad", "Mohammad", "Muhamad", "Mohamad", "Mochamad", "Mochammad", "Moehammad", "Muh.", "Moh.",
    "Moch.", "M.", "Mhd.",
)  # fmt: skip
SITI = ("Siti", "St.", "Siti")
BIRTH_ORDER = (
    ("I Wayan", "I Made", "I Nyoman", "I Ketut", "I Gede", "I Putu"),
    ("Ni Wayan", "Ni Made", "Ni Nyoman", "Ni Ketut", "Ni Luh", "Ni Putu"),
)
_OLD = str.maketrans({"u": "oe", "U": "Oe", "y": "j", "Y": "J", "j": "dj", "J": "Dj", "c": "tj", "C": "Tj"})


@dataclass(frozen=True)
class Lexicon:
    """`words[0]` is empty. `old` and `initial` give, for each word, the word number of its other form."""

    words: tuple[str, ...]
    old: np.ndarray
    initial: np.ndarray
    pools: dict[tuple[int, int, str], tuple[np.ndarray, np.ndarray]]
    muhammad: np.ndarray
    siti: np.ndarray
    birth_order: tuple[np.ndarray, np.ndarray]

    def draw(self, rng: np.random.Generator, group: np.ndarray, sex: np.ndarray, slot: str) -> np.ndarray:
        """One word number per person, by group and sex; 0 where the group has no such slot."""
        chance = rng.random(len(group))
        out = np.zeros(len(group), np.int32)
        for g in range(len(GROUPS)):
            for s in (0, 1):
                pool = self.pools.get((g, s, slot))
                if pool is None:
                    continue
                mask = (group == g) & (sex == s)
                out[mask] = pool[0][np.searchsorted(pool[1], chance[mask])]
        return out


def build_lexicon() -> Lexicon:
    """The vocabulary, the same in every run."""
    numbers: dict[str, int] = {"": 0}

    def number(word: str) -> int:
        return numbers.setdefault(word, len(numbers))

    pools: dict[tuple[int, int, str], tuple[np.ndarray, np.ndarray]] = {}
    for g, group in enumerate(GROUPS):
        for s in (0, 1):
            given = _unique([*GIVEN[group][s], *_compose(*COMPOSED[group][s])])
            second = _unique([*SECOND[group][s], *GIVEN[group][s][5:]])
            pools[g, s, "given"] = _pool([number(w) for w in given], 0.75)
            pools[g, s, "second"] = _pool([number(w) for w in second], 0.6)
            if group in CLANS:
                pools[g, s, "clan"] = _pool([number(w) for w in CLANS[group]], 0.6)
    muhammad = np.array([number(w) for w in MUHAMMAD], np.int32)
    siti = np.array([number(w) for w in SITI], np.int32)
    birth_order = tuple(np.array([number(w) for w in words], np.int32) for words in BIRTH_ORDER)
    base = list(numbers)
    old = [number(_old_spelling(word)) for word in base]
    initial = [number(f"{word[0]}.") if word else 0 for word in base]
    size = len(numbers)
    return Lexicon(
        words=tuple(numbers),
        old=_filled(old, size),
        initial=_filled(initial, size),
        pools=pools,
        muhammad=muhammad,
        siti=siti,
        birth_order=birth_order,  # type: ignore[arg-type]
    )


def _filled(known: list[int], size: int) -> np.ndarray:
    out = np.arange(size, dtype=np.int32)
    out[: len(known)] = known
    return out


def _unique(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _compose(heads: str, tails: str) -> list[str]:
    """Every head with every tail, long-tail order: neighbours share neither head nor tail."""
    head, tail = heads.split(), tails.split()
    pairs = [(h, t) for h in range(len(head)) for t in range(len(tail))]
    pairs.sort(key=lambda p: ((p[0] * 7 + p[1] * 11) % 101, p))
    return [head[h] + tail[t] for h, t in pairs]


def _pool(words: list[int], slope: float) -> tuple[np.ndarray, np.ndarray]:
    weight = 1.0 / (np.arange(len(words)) + 3.0) ** slope
    cumulative = np.cumsum(weight / weight.sum())
    cumulative[-1] = 1.0
    return np.array(words, np.int32), cumulative


def _old_spelling(word: str) -> str:
    """Soekarno for Sukarno: each letter goes its own way at once, so that y -> j never becomes dj."""
    return word.translate(_OLD)
