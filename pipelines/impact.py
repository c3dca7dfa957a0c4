"""Inputs for an impact assessment (UU 27/2022, article 34): what makes processing risky, as a release shows.

Counts of persons and sources, specific data, children, and how right matching and models are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assets.context import Context
from assets.tables import workspace_tables
from warehouse.publish import current_release
from warehouse.query import query

ADULT_YEARS = 18
LARGE_SCALE = 10_000
MATCHING = (
    "records",
    "customers",
    "estimated_precision",
    "estimated_f1",
    "pairs_to_review",
    "pairs_vetoed",
)
_MODELS = """
SELECT t.model, t.metric, t.value, t.baseline
FROM model_quality AS t
WHERE t.metric LIKE 'holdout_%'
    AND t.model IN (SELECT model FROM model_quality WHERE metric = 'is_in_use' AND value = 1)
ORDER BY t.model, t.metric
"""


def impact_inputs(context: Context) -> dict[str, Any]:
    """Figures of the current release, and the law's criteria they meet; before a release figures are None."""
    warehouse = context.workspace.warehouse
    has_release = current_release(warehouse) is not None
    matching = _matching(warehouse) if has_release else dict.fromkeys(MATCHING)
    found: dict[str, Any] = {
        "persons": matching["customers"],
        "records": matching["records"],
        "sources_joined": _sources(context),
        "children": _children(warehouse) if has_release else None,
        "specific_fields": _specific(context),
        "matching": {name: matching[name] for name in MATCHING[2:]},
        "models": query(warehouse, _MODELS).to_pylist() if has_release else [],
    }
    return found | {"criteria": _criteria(context, found)}


def _matching(warehouse: Path) -> dict[str, Any]:
    rows = query(warehouse, "SELECT metric, value FROM match_quality WHERE item = ''").to_pylist()
    values = {row["metric"]: row["value"] for row in rows}
    counts = frozenset(MATCHING) - {"estimated_precision", "estimated_f1"}
    return {
        name: None if (value := values.get(name)) is None else int(value) if name in counts else value
        for name in MATCHING
    }


def _sources(context: Context) -> list[str]:
    """The channels whose records are matched with one another."""
    return sorted(name for name, c in context.workspace.channels.items() if c.mappings_of("contacts"))


def _children(warehouse: Path) -> int:
    sql = (
        "SELECT COUNT(*) AS n FROM vault.customer_profile, (SELECT MAX(as_of) AS as_of FROM _release) AS r"
        f" WHERE birth_date > r.as_of - INTERVAL {ADULT_YEARS} YEAR"
    )
    return int(query(warehouse, sql, vault=True).column("n")[0].as_py())


def _specific(context: Context) -> list[str]:
    """Mapped fields of the classes the law calls specific (health, biometrics, finance, ...)."""
    inputs = context.workspace.inputs
    return sorted(
        {
            f"{mapping.contract}.{entry.field}"
            for channel in context.workspace.channels.values()
            for mapping in channel.mappings
            for entry in mapping.fields
            if (field := inputs[mapping.contract].field_named(entry.field)) and field.privacy == "specific"
        }
    )


def _criteria(context: Context, found: dict[str, Any]) -> list[dict[str, Any]]:
    """Of article 34 paragraph 2, those the pipeline can tell; None where it cannot yet."""
    evaluating = [t.name for t in workspace_tables(context.workspace).values() if t.evaluates]
    persons, children = found["persons"], found["children"]
    return [
        {"criterion": "evaluation", "applies": bool(evaluating)},
        {"criterion": "specific_data", "applies": bool(found["specific_fields"])},
        {"criterion": "children", "applies": None if children is None else children > 0},
        {"criterion": "large_scale", "applies": None if persons is None else persons >= LARGE_SCALE},
        {"criterion": "matching", "applies": len(found["sources_joined"]) > 1},
    ]
