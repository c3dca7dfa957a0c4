"""The strongest kind of evidence between two records, by the name that `match_rule` shows."""

from __future__ import annotations

import numpy as np

from transforms.identity.comparisons import NAMES, unpack

# In this order; each is (name, the least level of each comparison it needs). Words stand in match_rules.csv.
_RULES: tuple[tuple[str, dict[str, int]], ...] = (
    ("identity_number", {"identity": 3}),
    ("email_and_name", {"email": 3, "name": 3}),
    ("phone_and_name", {"phone": 2, "name": 3}),
    ("account", {"handle": 1}),
    ("birth_date_and_name", {"birth": 4, "name": 3}),
    ("address_and_name", {"place": 5, "name": 3}),
    ("email", {"email": 2}),
    ("identity_number_with_slip", {"identity": 2}),
    ("phone", {"phone": 2}),
    ("place_and_name", {"place": 3, "name": 3}),
    ("birth_date", {"birth": 4}),
    ("name", {"name": 3}),
)
OTHER = "other_evidence"


def name_rules(patterns: np.ndarray) -> list[str]:
    """The rule of each pattern, `other_evidence` when none of them fits."""
    levels = unpack(patterns)
    names = np.full(len(patterns), OTHER, dtype=object)
    for name, needs in reversed(_RULES):
        fits = np.ones(len(patterns), dtype=bool)
        for comparison, least in needs.items():
            fits &= levels[:, NAMES.index(comparison)] >= least
        names[fits] = name
    return [str(name) for name in names]
