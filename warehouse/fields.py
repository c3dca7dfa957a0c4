"""Registered fields (`fields/*.yaml`): what a company adds to the input contracts without code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warehouse.channels import NAME
from warehouse.contracts import RegisteredField, base_inputs
from warehouse.contracts.load import input_field
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
    if base_inputs()[contract].field_named(name) is not None:
        raise spec["name"].error(
            f"{contract} already has a field `{name}`", "map that field, or choose a new name"
        )
    kind = spec["type"].choice(_TYPES)
    description = spec["description"].mapping(("en", "id"))
    if "en" not in description or "id" not in description:
        raise spec["description"].error("both languages are needed", "write {en: ..., id: ...}")
    if spec["privacy"].text() == "secret":
        raise spec["privacy"].error(f"`{name}` is a secret; Satu does not store secrets", "remove the field")
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
    try:
        return RegisteredField(contract, input_field(name, body, added=True), shown_as)
    except ValueError as problem:
        raise node.error(str(problem), "correct that key") from None
