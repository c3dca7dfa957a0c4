"""How one value of a field survives among many: declared per field in a contract, overridden by a company.

A value survives as part of a statement (what one record of one channel said at a time). Fields that make
sense only together go with a head field: the statement that wins there brings them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RULES = ("trust", "recency", "frequency", "first")
AGEING_RULES = ("trust", "frequency")
"""Rules under which a channel's trust halves with the age of its statement."""
DEFAULT_HALF_LIFE_DAYS = 730
_KEYS = ("rule", "half_life_days", "with", "brings", "doubtful", "alike", "misspelt", "inferred")


@dataclass(frozen=True)
class Survivorship:
    """The rule of one field. Without `half_life_days` an ageing rule takes the company's.

    `goes_with` names the head whose statement brings this field; such a field has no rule of its own.
    `brings` names derived columns that come along with the field.
    The rest is SQL over the contract's columns and `as_of`: `doubtful` says when a value loses to any other,
    `alike` gives the form that spellings of one value share, `misspelt` says which of them is a known slip
    and loses to the others, `inferred` what other fields imply.
    """

    rule: str = "recency"
    half_life_days: int | None = None
    goes_with: str | None = None
    brings: tuple[str, ...] = ()
    doubtful: str | None = None
    alike: str | None = None
    misspelt: str | None = None
    inferred: str | None = None


def survivorship_of(spec: str | Mapping[str, Any] | None) -> Survivorship | None:
    """A contract's `survivorship:` entry: a rule's name, or a mapping. ValueError says what is wrong."""
    if spec is None:
        return None
    entry: Mapping[str, Any] = {"rule": spec} if isinstance(spec, str) else spec
    unknown = [key for key in entry if key not in _KEYS]
    if unknown:
        raise ValueError(f"survivorship knows no `{unknown[0]}`; known keys are {', '.join(_KEYS)}")
    if ("rule" in entry) == ("with" in entry):
        raise ValueError("survivorship needs either a `rule` or the field it goes `with`")
    rule = entry.get("rule", "recency")
    if rule not in RULES:
        raise ValueError(f"`{rule}` is no survivorship rule; use one of {', '.join(RULES)}")
    return Survivorship(
        rule=rule,
        half_life_days=entry.get("half_life_days"),
        goes_with=entry.get("with"),
        brings=tuple(entry.get("brings", ())),
        doubtful=entry.get("doubtful"),
        alike=entry.get("alike"),
        misspelt=entry.get("misspelt"),
        inferred=entry.get("inferred"),
    )
