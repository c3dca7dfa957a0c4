"""Units of the golden record: columns whose values win together, read from the contacts contract.

A unit is a head field and what goes with it: the parts of a name, of an address. Most units are one field.
Columns of the SQL made from units begin with an underscore where a company's field might have the same name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.contracts import Field, InputContract, Survivorship
from warehouse.contracts.survivorship import AGEING_RULES, DEFAULT_HALF_LIFE_DAYS

_WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b")


@dataclass(frozen=True)
class Value:
    """One column of a unit. `doubtful` and `alike` are SQL over the contract's columns and `as_of`.

    A value that `leads` stands for its unit when nobody said what stands before it: a city without a street.
    """

    name: str
    leads: bool
    doubtful: str
    alike: str

    @property
    def column(self) -> str:
        """The name, quoted for SQL."""
        return quoted(self.name)


@dataclass(frozen=True)
class Unit:
    """Values that one statement brings together; the first is the head, whose rule chooses the statement.

    `keys` are further columns that `alike` compares by, `reads` those other rules look at. `inferred` is
    SQL for what `inferred_from` implies of the head, `misspelt` SQL for a head that is a known slip.
    """

    values: tuple[Value, ...]
    keys: tuple[str, ...]
    reads: tuple[str, ...]
    rule: str
    half_life_days: int
    misspelt: str | None
    inferred: str | None
    inferred_from: tuple[str, ...]

    @property
    def head(self) -> Value:
        return self.values[0]

    @property
    def leads(self) -> list[Value]:
        """The values that can stand for the unit, the head first."""
        return [value for value in self.values if value.leads]

    @property
    def implied(self) -> str:
        """The column of `golden_statements` with what a statement implies of the head."""
        return f"_implied_{self.head.name}"

    @property
    def winners(self) -> str:
        """The table of the unit's surviving values."""
        return f"{self.head.name}_winners"

    @property
    def rivals(self) -> str:
        """The table of what speaks against them."""
        return f"{self.head.name}_rivals"

    @property
    def rank(self) -> str:
        """The column of `golden_statements` that orders statements by the rule, the highest first."""
        if self.rule in AGEING_RULES:  # values heard equally often are ordered by trust
            return f"_by_trust_{self.half_life_days}"
        return f"_by_{self.rule}"


def units_of(contract: InputContract) -> list[Unit]:
    """Every unit, in the order of the contract."""
    columns = {*contract.field_names, *(name for name, _, _ in contract.derived)}
    followers: dict[str, list[Field]] = {}
    for field in contract.fields:
        if field.survivorship is not None and field.survivorship.goes_with is not None:
            followers.setdefault(field.survivorship.goes_with, []).append(field)
    heads = [f for f in contract.fields if f.survivorship is not None and f.survivorship.goes_with is None]
    return [_unit(head, followers.get(head.name, []), columns) for head in heads]


def columns_needed(contract: InputContract) -> list[str]:
    """The contract's columns that the golden record reads, in the contract's order."""
    order = [*contract.field_names, *(name for name, _, _ in contract.derived)]
    needed: set[str] = set()
    for unit in units_of(contract):
        needed.update(value.name for value in unit.values)
        needed.update(unit.keys, unit.reads)
    return [name for name in order if name in needed]


def columns_read(sql: str, columns: set[str]) -> set[str]:
    """The columns an expression of the contract names."""
    return set(_WORD.findall(sql)) & columns


def with_columns(sql: str, names: dict[str, str]) -> str:
    """An expression of the contract over other columns: `alike` of the winner's value, say."""
    return _WORD.sub(lambda word: names.get(word.group(), word.group()), sql)


def quoted(name: str) -> str:
    """A column's name for SQL: a company may call a field `order`."""
    return f'"{name}"'


def _unit(head: Field, followers: list[Field], columns: set[str]) -> Unit:
    rules = head.survivorship or Survivorship()
    values = [_value(field) for field in (head, *followers)]
    values += [Value(name, False, "FALSE", f"lower({quoted(name)})") for name in rules.brings]
    own = {value.name for value in values}
    doubts = " ".join([*(value.doubtful for value in values), rules.misspelt or ""])
    return Unit(
        values=tuple(values),
        keys=tuple(sorted(columns_read(" ".join(value.alike for value in values), columns) - own)),
        reads=tuple(sorted(columns_read(doubts, columns) - own)),
        rule=rules.rule,
        half_life_days=rules.half_life_days or DEFAULT_HALF_LIFE_DAYS,
        misspelt=rules.misspelt,
        inferred=rules.inferred,
        inferred_from=tuple(sorted(columns_read(rules.inferred or "", columns))),
    )


def _value(field: Field) -> Value:
    """Masked text is doubtful, and capitals make no other value, unless the contract says how it is."""
    rules = field.survivorship or Survivorship()
    column, is_text = quoted(field.name), field.type == "text"
    return Value(
        field.name,
        leads=True,
        doubtful=rules.doubtful or (f"is_masked({column})" if is_text else "FALSE"),
        alike=rules.alike or (f"lower({column})" if is_text else column),
    )
