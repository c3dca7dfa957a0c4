"""`survivorship:` of `satu.yaml`: which value a company wants in the golden record when several are known."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace

from warehouse.contracts import Field, InputContract
from warehouse.contracts.survivorship import AGEING_RULES, DEFAULT_HALF_LIFE_DAYS, RULES
from warehouse.errors import ConfigError
from warehouse.yamltext import YamlNode

HALF_LIFE = "half_life_days"
_LONGEST_HALF_LIFE = 36_500


@dataclass(frozen=True)
class FieldRule:
    """What a company says of one field; None leaves what the contract says."""

    name: str
    rule: str | None
    half_life_days: int | None
    place: YamlNode = field(compare=False, repr=False)


@dataclass(frozen=True)
class SurvivorshipSettings:
    """The company's half-life of trust, and its own rules by field."""

    half_life_days: int = DEFAULT_HALF_LIFE_DAYS
    fields: tuple[FieldRule, ...] = ()


def read_survivorship(node: YamlNode) -> SurvivorshipSettings:
    """`{half_life_days: N, <field>: <rule> | {rule: ..., half_life_days: N}}`; any order means the same."""
    entries = node.mapping()
    half_life = entries.get(HALF_LIFE)
    days = DEFAULT_HALF_LIFE_DAYS if half_life is None else half_life.integer(1, _LONGEST_HALF_LIFE)
    rules = [_field_rule(name, entry, node) for name, entry in sorted(entries.items()) if name != HALF_LIFE]
    return SurvivorshipSettings(days, tuple(rules))


def ruled_contract(contract: InputContract, settings: SurvivorshipSettings) -> InputContract:
    """The contract with the company's rules in place of its own, every ageing rule with its half-life.

    A field the contract does not have is passed over here; `check_survivorship` speaks of it.
    """
    said = {rule.name: rule for rule in settings.fields}
    fields = tuple(_ruled(f, said.get(f.name), settings.half_life_days) for f in contract.fields)
    return replace(contract, fields=fields)


def check_survivorship(contract: InputContract, settings: SurvivorshipSettings) -> None:
    """ConfigError when a rule is for a field that has none, or does not fit the field's."""
    heads = [f.name for f in contract.fields if f.survivorship and not f.survivorship.goes_with]
    for said in settings.fields:
        declared = contract.field_named(said.name)
        if declared is None or declared.survivorship is None:
            near = difflib.get_close_matches(said.name, heads, n=1)
            raise _error(
                said,
                f"`{said.name}` is no field of the golden record",
                f"did you mean `{near[0]}`?" if near else "name a field of contacts or of fields/*.yaml",
            )
        head = declared.survivorship.goes_with
        if head is not None:
            raise _error(said, f"`{said.name}` has no rule of its own", f"set the rule of `{head}`, its unit")
        rule = said.rule or declared.survivorship.rule
        if said.half_life_days is not None and rule not in AGEING_RULES:
            raise _error(
                said,
                f"`{rule}` of `{said.name}` knows no {HALF_LIFE}",
                f"leave it out, or use {' or '.join(AGEING_RULES)}",
            )


def _field_rule(name: str, entry: YamlNode, parent: YamlNode) -> FieldRule:
    line, column = parent.keys[name]
    place = YamlNode(None, parent.file, line, column)
    if isinstance(entry.value, str):
        return FieldRule(name, entry.choice(RULES), None, place)
    body = entry.mapping(("rule", HALF_LIFE))
    if not body:
        raise place.error(f"`{name}` has no rule", f"write one of {', '.join(RULES)}")
    return FieldRule(
        name,
        body["rule"].choice(RULES) if "rule" in body else None,
        body[HALF_LIFE].integer(1, _LONGEST_HALF_LIFE) if HALF_LIFE in body else None,
        place,
    )


def _ruled(field: Field, said: FieldRule | None, half_life_days: int) -> Field:
    declared = field.survivorship
    if declared is None or declared.goes_with is not None:
        return field
    rule = (said and said.rule) or declared.rule
    days = None
    if rule in AGEING_RULES:
        days = (said and said.half_life_days) or declared.half_life_days or half_life_days
    return replace(field, survivorship=replace(declared, rule=rule, half_life_days=days))


def _error(said: FieldRule, message: str, fix: str) -> ConfigError:
    return said.place.error(message, fix)
