"""Registered fields (`fields/*.yaml`): what a company adds to the input contracts without code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from warehouse.channels import NAME
from warehouse.contracts import RegisteredField, Rule, Text, base_inputs
from warehouse.contracts.load import input_field
from warehouse.contracts.refused import secret_kind
from warehouse.yamltext import YamlNode, read_yaml

_KEYS = (
    "name",
    "table",
    "type",
    "description",
    "family",
    "privacy",
    "purpose",
    "values",
    "required",
    "on_invalid",
    "rules",
)
END_OF_TEXT = r"\z"
_RULES = ("min", "max", "max_length", "pattern")
_TAKEN = frozenset(
    {
        "as",
        "where",
        "channel",
        "source_channel",
        "order_space",
        "record_key",
        "arrived",
        "event_at",
        "event_on",
    }
    | {"file_seq", "file_batch", "line", "source_line", "mapping", "row_hash", "dup_no", "occurrence"}
    | {"content_hash", "verdict", "fault"}
)
_TYPES = ("text", "integer", "bigint", "decimal", "date", "timestamp", "boolean")


def read_fields(path: Path, shown_as: str) -> list[RegisteredField]:
    """Every field of one file: a list, `fields:` with a list, or a single field."""
    root = read_yaml(path, shown_as)
    if isinstance(root.value, dict) and "fields" in root.value:
        entries = root.value["fields"].sequence()
    else:
        entries = root.sequence()
    return [_registered(node, shown_as) for node in entries]


def _registered(node: YamlNode, shown_as: str) -> RegisteredField:
    spec = node.mapping(_KEYS)
    for key in ("name", "table", "type", "description", "family", "privacy", "purpose"):
        if key not in spec:
            raise node.error(f"the field has no `{key}`", f"add `{key}:`")
    contract = spec["table"].choice(tuple(base_inputs()))
    name = spec["name"].text()
    if not NAME.fullmatch(name):
        raise spec["name"].error(f"`{name}` is not a usable name", "use small letters, digits and _")
    if name in _TAKEN:
        raise spec["name"].error(f"`{name}` is a name Satu uses itself", "choose another name")
    if base_inputs()[contract].field_named(name) is not None:
        raise spec["name"].error(
            f"{contract} already has a field `{name}`", "map that field, or choose a new name"
        )
    kind = spec["type"].choice(_TYPES)
    description = spec["description"].mapping(("en", "id"))
    if "en" not in description or "id" not in description:
        raise spec["description"].error("both languages are needed", "write {en: ..., id: ...}")
    for place, is_secret in (
        (spec["privacy"], spec["privacy"].text() == "secret"),
        (spec["name"], secret_kind(name) is not None),
    ):
        if is_secret:
            raise place.error(f"`{name}` is a secret; Satu does not store secrets", "remove the field")
    if not spec["purpose"].value or not spec["purpose"].text().strip():
        raise spec["purpose"].error(f"`{name}` has no purpose", "say what it is for, or remove the field")
    body: dict[str, Any] = {
        "type": "decimal(18,4)" if kind == "decimal" else kind,
        "en": description["en"].text(),
        "id": description["id"].text(),
        "family": spec["family"].text(),
        "privacy": spec["privacy"].text(),
        "purpose": spec["purpose"].text(),
        "normalise": "clean_text(value)" if kind == "text" else None,
        "survivorship": "recency",
        "values": [v.text() for v in spec["values"].sequence()] if "values" in spec else (),
        "required": spec["required"].boolean() if "required" in spec else False,
    }
    if "on_invalid" in spec:
        body["on_invalid"] = spec["on_invalid"].choice(("quarantine", "blank"))
    predicate = _predicate(spec["rules"], kind) if "rules" in spec else None
    rules: tuple[Rule, ...] = ()
    if predicate is not None and body.get("on_invalid") == "quarantine":
        rules = (_rule(name, predicate),)
    elif predicate is not None:
        value = body["normalise"] or "value"
        body["normalise"] = f"CASE WHEN {predicate} THEN {value} END"
    try:
        return RegisteredField(contract, input_field(name, body, added=True), shown_as, rules)
    except ValueError as problem:
        raise node.error(str(problem), "correct that key") from None


def _predicate(node: YamlNode, kind: str) -> str:
    """`rules: {min, max, max_length, pattern}` as SQL over `value`; NULL passes."""
    spec = node.mapping(_RULES)
    textual = kind == "text"
    for key, entry in spec.items():
        if textual != (key in ("max_length", "pattern")):
            raise entry.error(f"`{key}` does not go with type {kind}", f"use {_fitting(textual)}")
    parts = []
    for key, sign in (("min", ">="), ("max", "<=")):
        if key in spec:
            parts.append(f"value {sign} {_bound(spec[key], kind)}")
    if "max_length" in spec:
        parts.append(f"length(value) <= {spec['max_length'].integer(1, 100_000)}")
    if "pattern" in spec:
        parts.append(
            f"regexp_matches(value, {_literal('^(?:' + _pattern(spec['pattern']) + ')' + END_OF_TEXT)})"
        )
    return " AND ".join(parts) or "TRUE"


def _fitting(textual: bool) -> str:
    return "max_length or pattern" if textual else "min or max"


def _bound(node: YamlNode, kind: str) -> str:
    if kind in ("date", "timestamp"):
        return f"DATE '{node.day().isoformat()}'"
    return repr(node.number(-1e15, 1e15))


def _pattern(node: YamlNode) -> str:
    try:
        re.compile(node.text())
    except re.error:
        raise node.error("the pattern is not a regular expression", "write e.g. [A-Z]{3}[0-9]+") from None
    return node.text()


def _rule(name: str, predicate: str) -> Rule:
    check = re.sub(r"\bvalue\b", f'"{name}"', predicate)
    return Rule(
        f"{name}_as_registered",
        f'"{name}" IS NULL OR ({check})',
        "error",
        Text(
            f"{name} breaks the rules it is registered with; correct it in the source or in fields/",
            f"{name} melanggar aturan pendaftarannya; perbaiki di sumber atau di fields/",
        ),
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
