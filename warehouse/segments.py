"""Segments (`segments/*.yaml`): groups of customers a company names, each with its purpose and a condition.

The condition is only kept here; what it may say is decided where it is compiled.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from warehouse.channels import NAME
from warehouse.contracts import Text
from warehouse.yamltext import YamlNode, read_yaml

_KEYS = ("segment", "description", "purpose", "where")


@dataclass(frozen=True)
class Segment:
    """One segment. `version` changes with everything its file says but comments and spacing."""

    name: str
    description: Text
    purpose: str
    where: YamlNode
    file: str

    @property
    def version(self) -> str:
        said = (
            self.name,
            self.description.en,
            self.description.id,
            self.purpose,
            " ".join(self.where.text().split()),
        )
        return "v" + hashlib.sha256(repr(said).encode()).hexdigest()[:6]


def read_segment(path: Path, shown_as: str) -> Segment:
    """The segment in `path`; ConfigError names line and column of what is wrong."""
    root = read_yaml(path, shown_as)
    spec = root.mapping(_KEYS)
    if spec.get("purpose") is None or spec["purpose"].value is None:
        raise root.error(
            "the segment has no `purpose`, and people are not grouped without one",
            "add `purpose:` and say what it is for, such as marketing or service",
        )
    for key in ("segment", "description", "where"):
        if key not in spec or spec[key].value is None:
            raise root.error(f"the segment has no `{key}`", f"add `{key}:`")
    name = spec["segment"].text()
    if not NAME.fullmatch(name):
        raise spec["segment"].error(
            f"`{name}` is not a usable name", "use small letters, digits and _, beginning with a letter"
        )
    description = spec["description"].mapping(("en", "id"))
    if "en" not in description or "id" not in description:
        raise spec["description"].error("both languages are needed", "write {en: ..., id: ...}")
    return Segment(
        name,
        Text(description["en"].text(), description["id"].text()),
        spec["purpose"].text(),
        spec["where"],
        shown_as,
    )
