"""Why records are one person, or two: what `satu explain` says, as data. The words are in explain_text.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from assets.configuration import SAME, pair_decisions
from assets.few_records import attribute_values, score_pairs
from assets.pinned_identity import pinned_model
from assets.records import all_units
from pipelines.identity_view import IdentityView, Row
from pipelines.pair_evidence import STEWARD_DIFFERENT, Pair, Values, overruled, pair_of
from transforms.identity.evidence import Scale
from transforms.identity.rules import name_rules
from warehouse.contracts import Text

SHOWN_APART = 5
LABELS = {"name_titles": Text("Titles", "Gelar dan sapaan")}
"""Attributes that are no field of the contract."""


@dataclass(frozen=True)
class Record:
    """A record of the customer, by its number in the text, with what it states."""

    number: int
    record_key: str
    channels: list[str]
    values: dict[str, list[str]]


@dataclass(frozen=True)
class Apart:
    """Another customer who came close, and the best pair between the two."""

    customer_id: int
    name: str | None
    count_pairs: int
    pair: Pair


@dataclass(frozen=True)
class Attribute:
    """A surviving value, where it is from, and the values that lost."""

    attribute: str
    label: Text
    value: str
    record_key: str
    channel: str
    seen_on: str
    rule: str
    is_conflicting: bool
    others: list[Row]


@dataclass(frozen=True)
class Explanation:
    """Everything that makes a customer who it is."""

    release: int
    as_of: str
    customer_id: int
    earlier_id: int | None
    household_id: int | None
    records: list[Record]
    pairs: list[Pair]
    count_more_pairs: int
    decisions: list[Row]
    kept_apart: list[Apart]
    count_more_apart: int
    attributes: list[Attribute]
    earlier_ids: list[Row]


def explain_customer(view: IdentityView, customer_id: int, earlier_id: int | None = None) -> Explanation:
    """Why the records of a customer are one person."""
    links = view.links(customer_id)
    keys = [link["record_key"] for link in links]
    edges = view.edges(keys)
    sides = view.customers_of(sorted({k for e in edges for k in (e["record_a"], e["record_b"])} | set(keys)))
    stated = statements(view, sides)
    values = values_of(stated)
    scale = view.scale()
    inside = [e for e in edges if sides[e["record_a"]] == sides[e["record_b"]]]
    used = [e for e in inside if e["is_used"]]
    tree = spanning(used)
    if len(tree) < len(keys) - 1:  # the night also joins by pairs it found only on a second look
        used += _found_on_second_look(view, keys, scale)
        tree = spanning(used)
    apart = _apart(view, [e for e in edges if e not in inside], sides, customer_id, scale, values)
    return Explanation(
        release=view.release,
        as_of=view.as_of.isoformat(),
        customer_id=customer_id,
        earlier_id=earlier_id,
        household_id=links[0]["household_id"],
        records=[_record(view, n, key, stated, values) for n, key in enumerate(keys, start=1)],
        pairs=[pair_of(edge, scale, values, True) for edge in tree],
        count_more_pairs=len({(e["record_a"], e["record_b"]) for e in used}) - len(tree),
        decisions=decisions_on(view, keys),
        kept_apart=apart[:SHOWN_APART],
        count_more_apart=max(len(apart) - SHOWN_APART, 0),
        attributes=_attributes(view, customer_id, stated),
        earlier_ids=view.earlier_ids(customer_id),
    )


def explain_pair(view: IdentityView, one: str, other: str) -> list[Pair]:
    """What is between two records, the steward's word first; empty when they state nothing to compare by.

    A pair that was not stored, because it is clearly two people or was never proposed, is compared now.
    """
    sides = view.customers_of([one, other])
    is_one = sides[one] == sides[other]
    found = [edge for edge in view.edges([one]) if other in (edge["record_a"], edge["record_b"])]
    values = values_of(statements(view, sides))
    pairs = [pair_of(edge, view.scale(), values, is_one) for edge in found]
    if all(pair.is_decided for pair in pairs):
        model = pinned_model(view.context)
        if model is not None:
            compared = _compare(view, [one, other], Scale.of_model(model).threshold)
            pairs += [pair_of(e, Scale.of_model(model), values, is_one) for e in compared if e["pattern"]]
    decided = [pair for pair in pairs if pair.is_decided]
    evidence = [pair for pair in pairs if not pair.is_decided]
    return [*decided, *([overruled(pair) for pair in evidence] if decided else evidence)]


def spanning(edges: Iterable[Row]) -> list[Row]:
    """The strongest edges that hold the records together: a maximum spanning forest, the strongest first."""
    group: dict[str, set[str]] = {}
    kept = []
    for edge in sorted(edges, key=lambda e: (-e["weight"], e["record_a"], e["record_b"])):
        a, b = edge["record_a"], edge["record_b"]
        one, other = group.setdefault(a, {a}), group.setdefault(b, {b})
        if one is other:
            continue
        kept.append(edge)
        one |= other
        for record in other:
            group[record] = one
    return kept


def decisions_on(view: IdentityView, keys: Sequence[str]) -> list[Row]:
    """Stewards' decisions in force that name any of the records; `is_shown`: the release has it."""
    wanted = set(keys)
    found = [row for row in pair_decisions(view.context) if wanted & {row["record_a"], row["record_b"]}]
    sides = view.customers_of(sorted({row[side] for row in found for side in ("record_a", "record_b")}))
    return [
        row
        | {
            "is_shown": (sides.get(row["record_a"]) == sides.get(row["record_b"]))
            == (row["decision"] == SAME)
        }
        for row in found
    ]


def in_language(value: Any, language: str) -> Any:
    """A result as plain data, every Text in one language."""
    if isinstance(value, Text):
        return getattr(value, language)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: in_language(getattr(value, f.name), language) for f in fields(value)}
    if isinstance(value, dict):
        return {key: in_language(entry, language) for key, entry in value.items()}
    if isinstance(value, list):
        return [in_language(entry, language) for entry in value]
    return float(value) if isinstance(value, Decimal) else value


def statements(view: IdentityView, sides: dict[str, int]) -> list[Row]:
    """Every value the records state, by customer and attribute, the winner first."""
    links = pa.table(
        {
            "record_key": pa.array(list(sides), pa.string()),
            "customer_id": pa.array(list(sides.values()), pa.int64()),
        }
    )
    found = attribute_values(view.context, view.as_of, all_units(view.context), links)
    order = [(name, "ascending") for name in ("customer_id", "attribute", "position")]
    rows: list[Row] = found.sort_by(order).to_pylist()
    return rows


def values_of(stated: list[Row]) -> Values:
    """What each record states of each attribute; what was only inferred is left out."""
    values: dict[str, dict[str, list[str]]] = {}
    for row in stated:
        listed = values.setdefault(row["record_key"], {}).setdefault(row["attribute"], [])
        if row["rule"] != "inferred" and row["value"] not in listed:
            listed.append(row["value"])
    return values


def _record(view: IdentityView, number: int, key: str, stated: list[Row], values: Values) -> Record:
    """A record without contact details has the channels that share its space of customer numbers."""
    channels = sorted({row["channel"] for row in stated if row["record_key"] == key})
    space = key.partition(":")[0]
    known = view.context.workspace.channels.values()
    return Record(
        number,
        key,
        channels or sorted(c.name for c in known if c.id_space == space),
        {name: list(listed) for name, listed in values.get(key, {}).items() if listed},
    )


def _apart(
    view: IdentityView,
    crossing: list[Row],
    sides: dict[str, int],
    customer_id: int,
    scale: Scale,
    values: Values,
) -> list[Apart]:
    """The other customers of crossing edges, those a steward parted first, then by weight."""
    pairs: dict[int, list[Row]] = {}
    for edge in crossing:
        (other,) = {sides[edge["record_a"]], sides[edge["record_b"]]} - {customer_id}
        pairs.setdefault(other, []).append(edge)
    names = view.profile_values(list(pairs))
    found = []
    for other, between in pairs.items():
        best = min(between, key=lambda e: (e["rule"] != STEWARD_DIFFERENT, -e["weight"]))
        if sides[best["record_a"]] == other:  # the customer's own record comes first
            best = best | {"record_a": best["record_b"], "record_b": best["record_a"]}
        pair = pair_of(best, scale, values, False)
        found.append(Apart(other, names[other].get("full_name"), len(between), pair))
    return sorted(found, key=lambda a: (not a.pair.is_decided, -a.pair.weight, a.customer_id))


def _attributes(view: IdentityView, customer_id: int, stated: list[Row]) -> list[Attribute]:
    contacts = view.context.workspace.inputs["contacts"]
    found = []
    for row in view.rows(
        "SELECT * FROM vault.customer_attributes WHERE customer_id = $id ORDER BY attribute", id=customer_id
    ):
        others: dict[str, Row] = {}
        for said in stated:
            is_rival = (said["customer_id"], said["attribute"]) == (customer_id, row["attribute"])
            if is_rival and said["value"] != row["value"]:
                kept = {name: said[name] for name in ("value", "record_key", "channel", "is_doubtful")}
                kept |= {"seen_on": said["seen_on"].isoformat(), "is_spelling": _is_spelling(said, row)}
                others.setdefault(said["value"].casefold(), kept)
        field = contacts.field_named(row["attribute"])
        label = LABELS.get(row["attribute"], Text(row["attribute"], row["attribute"]))
        found.append(
            Attribute(
                row["attribute"],
                label if field is None else field.description,
                row["value"],
                row["record_key"],
                row["channel"],
                row["seen_on"].isoformat(),
                row["rule"],
                row["is_conflicting"],
                list(others.values()),
            )
        )
    return found


def _is_spelling(said: Row, winner: Row) -> bool:
    """Whether a losing value is the surviving one in another spelling."""
    return not winner["is_conflicting"] or said["value"].casefold() == winner["value"].casefold()


def _found_on_second_look(view: IdentityView, keys: list[str], scale: Scale) -> list[Row]:
    compared = _compare(view, keys, scale.threshold)
    return [edge for edge in compared if edge["weight"] >= scale.threshold and not edge["is_vetoed"]]


def _compare(view: IdentityView, keys: list[str], threshold: float) -> list[Row]:
    """Pairs of records weighed now, as rows of `match_edges`."""
    model = pinned_model(view.context)
    if model is None:
        return []
    scored = score_pairs(view.context, view.as_of, all_units(view.context), keys, model)
    rules = name_rules(scored.column("pattern").to_numpy())
    sides = view.customers_of(keys)
    rows: list[Row] = scored.to_pylist()
    for row, rule in zip(rows, rules, strict=True):
        is_one = sides[row["record_a"]] == sides[row["record_b"]]
        row["rule"] = rule
        row["probability"] = 1 / (1 + 2.0 ** -float(row["weight"]))
        row["is_used"] = is_one and row["weight"] >= threshold and not row["is_vetoed"]
    return rows
