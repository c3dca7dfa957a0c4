"""Which records are looked at together: the blocking rules, and the SQL that gives each record its keys.

A rule groups records that agree on a few things at once. Those without which true pairs are surely missed are
always used; of the others a model keeps those that pay (see `training.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_BIRTH_MONTH = "left(birth_text, 7)"
_BIRTHDAY = "right(birth_text, 5)"
_YEAR = "left(birth_text, 4)"
_MONTH, _DAY = "substr(birth_text, 6, 2)", "right(birth_text, 2)"
_SWAPPABLE = (_YEAR, f"least({_MONTH}, {_DAY})", f"greatest({_MONTH}, {_DAY})")
_EMAIL_NAME = "split_part(email, '@', 1)"
LARGEST_CAP = 40
CAPS = (40, 30, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2)
PAIRS_PER_RECORD = 0.25
ALWAYS_AFFORDED = 100_000


@dataclass(frozen=True)
class Rule:
    """One blocking rule: `parts` are SQL over match_features, all of which must be known.

    `number` is its bit. Unrelated people hardly ever share an identifier, so its blocks may be large.
    """

    number: int
    name: str
    parts: tuple[str, ...]
    is_always: bool = False
    is_identifier: bool = False


RULES = (
    Rule(0, "nik", ("nik",), True, True),
    Rule(1, "national_id", ("national_id",), True, True),
    Rule(2, "member_id", ("member_id",), True, True),
    Rule(3, "phone", ("phones",), True, True),
    Rule(4, "email", ("email",), True, True),
    Rule(5, "email_name", (f"CASE WHEN length({_EMAIL_NAME}) >= 6 THEN {_EMAIL_NAME} END",), True, True),
    Rule(6, "name", ("name_key",), True),
    Rule(7, "handle", ("social_handle",), True, True),
    Rule(8, "household", ("household_key",), True, True),
    Rule(9, "name_codes", ("least(given_code, family_code)", "greatest(given_code, family_code)"), True),
    Rule(10, "address", ("address_key",), True, True),
    Rule(11, "birth_date_and_given", ("birth_text", "left(given, 1)")),
    Rule(12, "birth_date_and_family", ("birth_text", "left(family, 1)")),
    Rule(13, "postcode_and_given", ("postcode", "given_code")),
    Rule(14, "postcode_and_family", ("postcode", "family_code")),
    Rule(15, "birth_month_and_given", (_BIRTH_MONTH, "given_code")),
    Rule(16, "birthday_and_given", (_BIRTHDAY, "given_code")),
    Rule(17, "birth_month_and_family", (_BIRTH_MONTH, "family_code")),
    Rule(18, "birthday_and_family", (_BIRTHDAY, "family_code")),
    Rule(19, "birth_date_and_postcode", ("birth_text", "postcode")),
    Rule(20, "birth_date_swapped_and_given", (*_SWAPPABLE, "given_code")),
    Rule(21, "city_and_given", ("city", "given_code")),
    Rule(22, "city_and_family", ("city", "family_code")),
    Rule(23, "birth_year_and_given", (_YEAR, "given_code", "left(family_code, 1)")),
    Rule(24, "birth_year_and_family", (_YEAR, "family_code", "left(given_code, 1)")),
    Rule(25, "occupation_and_given", ("occupation", "given_code")),
    Rule(26, "occupation_and_family", ("occupation", "family_code")),
    Rule(27, "postcode_and_birth_year", ("postcode", _YEAR)),
    Rule(28, "birth_date_and_city", ("birth_text", "city")),
    Rule(29, "given_and_family_start", ("given_code", "left(family_code, 2)")),
)
RULE_NAMES = tuple(rule.name for rule in RULES)


def block_keys_sql(names: tuple[str, ...] = RULE_NAMES) -> str:
    """`block_keys`: one row per record and key (record_no, rule_no, block), for the rules of these names."""
    return "\nUNION ALL\n".join(_keys_sql(rule) for rule in RULES if rule.name in names)


def _keys_sql(rule: Rule) -> str:
    if rule.name == "phone":
        return (
            f"SELECT DISTINCT record_no, {rule.number} AS rule_no, grouping_hash(phone) AS block\n"
            "FROM (SELECT record_no, UNNEST(phones) AS phone FROM match_features)"
        )
    key = rule.parts[0] if len(rule.parts) == 1 else f"concat_ws(' ', {', '.join(rule.parts)})"
    known = " AND ".join(f"{part} IS NOT NULL" for part in rule.parts)
    return (
        f"SELECT record_no, {rule.number} AS rule_no, grouping_hash({key}) AS block\n"
        f"FROM match_features\nWHERE {known}"
    )


def block_caps(histograms: dict[str, tuple[np.ndarray, np.ndarray]], records: int) -> dict[str, int]:
    """The largest block each rule compares in whole, from sizes of its blocks and how many have each.

    The more people there are, the more of them agree on a name by chance. The cap of a rule that is no
    identifier is the largest one under which it proposes a pair for every fourth record at most.
    """
    budget = max(PAIRS_PER_RECORD * records, ALWAYS_AFFORDED)
    caps = {}
    for rule in RULES:
        if rule.name not in histograms:
            continue
        size, blocks = histograms[rule.name]
        pairs = blocks * size * (size - 1) // 2
        affordable = (cap for cap in CAPS if pairs[size <= cap].sum() <= budget)
        caps[rule.name] = LARGEST_CAP if rule.is_identifier else next(affordable, CAPS[-1])
    return caps
