"""Fields that are collected and used by nothing: the less is collected, the less can be lost.

A field is used when a table, a rule or a segment names it. The golden record keeps every field of a contact
and so proves no use; a field of the company's own shown in BI tables does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from assets.tables import registered_bi_fields
from transforms.identity.records import match_records_sql
from transforms.model import all_models
from warehouse.workspace import Workspace

_WORD = re.compile(r"[a-z_][a-z0-9_]*")


def unused_fields(workspace: Workspace) -> list[dict[str, str]]:
    """Mapped fields that nothing uses, and registered ones that no channel maps, with what is amiss."""
    mapped = {
        (mapping.contract, entry.field): channel.name
        for channel in sorted(workspace.channels.values(), key=lambda c: c.name)
        for mapping in channel.mappings
        for entry in mapping.fields
    }
    used = set(_names_used(workspace))
    found = []
    for contract in workspace.inputs.values():
        for field in contract.fields:
            is_mapped = (contract.name, field.name) in mapped
            if is_mapped and field.name not in used:
                amiss = "not_used"
            elif field.added and not is_mapped:
                amiss = "not_mapped"
            else:
                continue
            entry = {"contract": contract.name, "field": field.name, "purpose": field.purpose, "amiss": amiss}
            found.append(entry | {"privacy": field.privacy})
    return found


def _names_used(workspace: Workspace) -> Iterator[str]:
    for model in all_models():
        yield from (column.name for column in model.tree.find_all(exp.Column))
    yield from _WORD.findall(match_records_sql(workspace.inputs["contacts"]))
    for contract in workspace.inputs.values():
        yield from (name for _, _, sql in contract.derived for name in _WORD.findall(sql))
        yield from (name for rule in contract.rules for name in _WORD.findall(rule.check))
        yield from contract.key
        if contract.event_field:
            yield contract.event_field
    for segment in workspace.segments.values():
        yield from _WORD.findall(segment.where.text())
    for name in ("contacts", "order_lines"):
        yield from (field.name for field in registered_bi_fields(workspace, name))
