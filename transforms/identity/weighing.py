"""Compared pairs weighed by a model.

weight = log2 of the odds "one person" against "one household" or "unrelated" (Fellegi and Sunter 1969, with a
third class); 0 is even odds. Rarity of the shared values adds `term_bits`. `evidence` leaves the prior out
and is bounded, so that no single pair decides over a whole cluster.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from transforms.identity.comparing import Compared
from transforms.identity.linkage import UNIT
from transforms.identity.model import IdentityModel, TermKind
from transforms.identity.values import FieldValues

_BITS_PER_NAT = 1.4426950408889634
_MOST_BITS, _MOST_EVIDENCE = 60, 12
_TERM_FIELDS = {"birth": "birth_date", "postcode": "postcode", "city": "city", "occupation": "occupation"}


class Terms:
    """How much rarer than usual the distinct values of records are, in nats, by the frequencies of a model.

    Two people agree on a frequent value by chance more often; a model lists the values seen often when it was
    trained. The share of an unlisted name of several words is that of its words, bounded by what not being
    listed means.
    """

    def __init__(self, values: FieldValues, model: IdentityModel) -> None:
        self._values = values
        names = values.names
        given, family = (model.terms[kind] for kind in ("given", "family"))
        of_given = _shares(names.column("given"), given, given.share)
        of_family = _shares(names.column("family"), family, family.share)
        whole = model.terms["name"]
        of_words = np.clip(of_given * of_family, whole.share_once, whole.share_listed)
        unlisted = np.where(names.column("count_words").to_numpy() == 1, whole.share, of_words)
        rarity = {
            "name": _rarity(whole, _shares(names.column("name_key"), whole, unlisted)),
            "given": _rarity(given, of_given),
            "family": _rarity(family, of_family),
        }
        for field, kind in _TERM_FIELDS.items():
            term = model.terms[kind]
            rarity[field] = _rarity(term, _shares(values.coded[field].texts, term, term.share))
        self._rarity = {kind: np.append(nats, 0.0) for kind, nats in rarity.items()}

    def of(self, kind: str, rows: np.ndarray) -> np.ndarray:
        """The rarity of a kind of value for rows of the values, 0 for silence."""
        field = "name" if kind in ("given", "family") else kind
        found: np.ndarray = self._rarity[kind][self._values.coded[field].codes[rows]]
        return found


def weigh(values: FieldValues, terms: Terms, model: IdentityModel, pairs: Compared) -> pa.Table:
    """`scored_pairs` (record_a, record_b, pattern, is_vetoed, term_bits, weight, evidence).

    Bits are decimals of four places.
    """
    which, patterns = pd.factorize(pairs.pattern)
    by_pattern = model.pattern_weights(patterns)
    column = {
        name: by_pattern.column(name).to_numpy(zero_copy_only=False) for name in by_pattern.column_names
    }
    term = _term_nats(
        values, terms, pairs, {name: c for name, c in column.items() if name.endswith("_level")}, which
    )
    match, household, prior = (column[n][which] for n in ("match_nats", "household_nats", "prior_bits"))
    unrelated = column["unrelated_nats"][which] - term
    bits = (match - np.logaddexp(household, unrelated)) * _BITS_PER_NAT
    return pa.table(
        {
            "record_a": pairs.record_a,
            "record_b": pairs.record_b,
            "pattern": pairs.pattern,
            "is_vetoed": column["is_vetoed"][which],
            "term_bits": _decimals(term * _BITS_PER_NAT),
            "weight": _decimals(np.clip(bits, -_MOST_BITS, _MOST_BITS)),
            "evidence": _decimals(np.clip(bits + prior, -_MOST_EVIDENCE, _MOST_EVIDENCE)),
        }
    )


def _term_nats(
    values: FieldValues, terms: Terms, pairs: Compared, by_pattern: dict[str, np.ndarray], which: np.ndarray
) -> np.ndarray:
    """What rarity adds per pair: that of the value both share, of two spellings the more frequent one."""
    a, b = values.rows(pairs.record_a)[0], values.rows(pairs.record_b)[0]
    total = np.zeros(len(which))

    def add(kind: str, chosen: np.ndarray, *, alike: bool = False) -> None:
        at = np.flatnonzero(chosen)
        nats = terms.of(kind, a[at])
        total[at] += np.minimum(nats, terms.of(kind, b[at])) if alike else nats

    name = by_pattern["name_level"][which]
    add("name", (name == 9) | (name == 7))
    add("name", name == 8, alike=True)
    add("given", (name == 6) | (name == 5), alike=True)
    add("given", ((name == 4) | (name == 3)) & pairs.is_same_given)
    add("family", name == 2, alike=True)
    add("birth", by_pattern["birth_level"][which] == 5)
    place = by_pattern["place_level"][which]
    add("postcode", place == 4)
    add("city", place == 3)
    add("occupation", by_pattern["occupation_level"][which] == 1)
    return total


def _shares(texts: pa.Array, term: TermKind, unlisted: np.ndarray | float) -> np.ndarray:
    """The share of each text, that of `unlisted` where the model does not list it."""
    listed = pa.array(list(term.shares), pa.string())
    known = np.append(np.fromiter(term.shares.values(), dtype=np.float64, count=len(listed)), 0.0)
    at = pc.index_in(texts, value_set=listed).fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(at >= 0, known[at], unlisted)


def _rarity(term: TermKind, shares: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.log(term.chance) - np.log(shares)
    return found


def _decimals(bits: np.ndarray) -> pa.Array:
    """Numbers rounded to 1/10,000, as decimals."""
    units = np.rint(bits * UNIT).astype(np.int64)
    wide = np.stack([units, units >> 63], axis=1)
    return pa.Decimal128Array.from_buffers(pa.decimal128(9, 4), len(units), [None, pa.py_buffer(wide)])
