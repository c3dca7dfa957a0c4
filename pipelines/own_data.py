"""Nothing of other people in what a person is told: where a row names somebody else, OTHER stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS
from assets.person import Statement
from pipelines.explain import Attribute
from pipelines.identity_view import Row

OTHER = "(another person)"
NAMING_OTHERS = frozenset({"referrer_id", "salesperson"})
"""Fields that name a customer's referrer or an employee."""


@dataclass(frozen=True)
class Own:
    """The numbers and record keys of the person; those `in_roles` hold the number of who named the person."""

    ids: frozenset[int]
    keys: frozenset[str]
    in_roles: frozenset[str]

    def key(self, key: str) -> str:
        """A record key without somebody else's number."""
        if key in self.in_roles:
            return f"{key.partition(':')[0]}:{OTHER}/{key.rpartition('/')[2]}"
        return key if key in self.keys else OTHER

    def row(self, row: Row) -> Row:
        """A row of a table."""
        return {name: self._value(name, value) for name, value in row.items()}

    def statement(self, said: Statement) -> Statement:
        """A row of a source."""
        hidden = NAMING_OTHERS | ({"source_id"} if said.record_key in self.in_roles else frozenset())
        values = {name: OTHER if name in hidden else value for name, value in said.values.items()}
        key = None if said.record_key is None else self.key(said.record_key)
        return replace(said, record_key=key, values=values)

    def attribute(self, attribute: Attribute) -> Attribute:
        """A value of the golden record and those that competed with it."""
        others = [other | {"record_key": self.key(other["record_key"])} for other in attribute.others]
        found = replace(attribute, record_key=self.key(attribute.record_key), others=others)
        is_hidden = attribute.attribute in NAMING_OTHERS
        return replace(found, value=OTHER, others=[]) if is_hidden else found

    def decision(self, row: Row) -> Row:
        """What a steward decided; a note on two people may speak of the other one and is left out."""
        is_own = {row["record_a"], row["record_b"]} <= self.keys
        told = {name: row[name] for name in ("decision", "decided_on", "is_shown")}
        pair = [self.key(row[side]) for side in ("record_a", "record_b")]
        return {"records": pair, **told, "note": row["note"] if is_own else ""}

    def _value(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        if name in RECORD_COLUMNS:
            return self.key(value)
        is_other = name in NAMING_OTHERS or (name in CUSTOMER_COLUMNS and value not in self.ids)
        return OTHER if is_other else value
